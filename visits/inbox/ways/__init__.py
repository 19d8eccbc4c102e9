"""The ways by which messages leave the house: mail, robots of chat programs, webhooks."""

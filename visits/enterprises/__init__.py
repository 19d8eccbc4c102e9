"""The register of enterprises: master records, contacts, search, import from spreadsheets.

Owns enterprises, former names, tags, contacts and uploads; leans on accounts and the kernel. Who answers
for an enterprise stands in programmes; its file (一企一档) is a page of home.
"""

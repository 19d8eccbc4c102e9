"""Problems of enterprises, from registration to a result the enterprise confirms.

Owns categories, issues and all that happens to them; leans on enterprises and programmes.
Start reading at `states`.
"""

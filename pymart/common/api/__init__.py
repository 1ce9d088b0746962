"""What all of the JSON API shares: how input is checked, errors are told, lists are paged and the schema is written."""

"""Files of clinics: reading them whatever their form, checking each row, writing, finding duplicates, exporting."""

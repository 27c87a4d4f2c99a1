"""What people and programs see of Guanxi: pages, JSON and files over HTTP; it has no database and decides no right."""

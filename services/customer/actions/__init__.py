"""What people do with leads, customers and activities; one file for each noun."""

-- As long as Lineups lets a product's be; text has no length here.
SELECT 1;

-- Each index of a session is a page to write for every session that is planned. A unit's are found by its path, those of a
-- host, a room and the crew by their bookings, and most sessions have no mandate.
DROP INDEX Sessions_Owner ON Sessions;
DROP INDEX Sessions_Host ON Sessions;
DROP INDEX Sessions_Room ON Sessions;
DROP INDEX Sessions_Mandate ON Sessions;
CREATE INDEX Sessions_Mandate ON Sessions (MandateId, StartsAt) WHERE MandateId IS NOT NULL;

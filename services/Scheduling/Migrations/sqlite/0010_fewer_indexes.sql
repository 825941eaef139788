-- Each index of a session is a page to write for every session that is planned. A unit's are found by its path, those of a
-- host, a room and the crew by their bookings, and most sessions have no mandate.
DROP INDEX Sessions_Owner;
DROP INDEX Sessions_Host;
DROP INDEX Sessions_Room;
DROP INDEX Sessions_Mandate;
CREATE INDEX Sessions_Mandate ON Sessions (MandateId, StartsAt) WHERE MandateId IS NOT NULL;

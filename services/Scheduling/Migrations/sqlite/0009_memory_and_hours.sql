-- Who was in a session and no longer is: their calendars have to be told.
CREATE TABLE FormerBookings (
    Seq INTEGER PRIMARY KEY,
    SessionId TEXT NOT NULL,
    ResourceId TEXT NOT NULL
);
CREATE UNIQUE INDEX FormerBookings_Once ON FormerBookings (SessionId, ResourceId);
CREATE INDEX FormerBookings_Resource ON FormerBookings (ResourceId);
INSERT INTO FormerBookings (SessionId, ResourceId)
SELECT s.Id, j.value FROM Sessions s, json_each(s.CoHostIds) j WHERE s.Status IN ('Rejected', 'Displaced', 'Cancelled')
UNION SELECT s.Id, j.value FROM Sessions s, json_each(s.CrewIds) j WHERE s.Status IN ('Rejected', 'Displaced', 'Cancelled')
UNION SELECT Id, HostId FROM Sessions WHERE Status IN ('Rejected', 'Displaced', 'Cancelled')
UNION SELECT Id, RoomId FROM Sessions WHERE Status IN ('Rejected', 'Displaced', 'Cancelled');
ALTER TABLE People ADD COLUMN WorkingHours TEXT NULL;
-- Sessions_Month begins with the same column.
DROP INDEX Sessions_Starts;

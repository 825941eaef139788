-- Who was in a session and no longer is: their calendars have to be told.
CREATE TABLE FormerBookings (
    Seq BIGINT IDENTITY NOT NULL CONSTRAINT FormerBookings_Pk PRIMARY KEY CLUSTERED,
    SessionId UNIQUEIDENTIFIER NOT NULL,
    ResourceId UNIQUEIDENTIFIER NOT NULL
);
CREATE UNIQUE INDEX FormerBookings_Once ON FormerBookings (SessionId, ResourceId);
CREATE INDEX FormerBookings_Resource ON FormerBookings (ResourceId);
INSERT INTO FormerBookings (SessionId, ResourceId)
SELECT s.Id, CAST(j.value AS UNIQUEIDENTIFIER) FROM Sessions s CROSS APPLY OPENJSON(s.CoHostIds) j WHERE s.Status IN ('Rejected', 'Displaced', 'Cancelled')
UNION SELECT s.Id, CAST(j.value AS UNIQUEIDENTIFIER) FROM Sessions s CROSS APPLY OPENJSON(s.CrewIds) j WHERE s.Status IN ('Rejected', 'Displaced', 'Cancelled')
UNION SELECT Id, HostId FROM Sessions WHERE Status IN ('Rejected', 'Displaced', 'Cancelled')
UNION SELECT Id, RoomId FROM Sessions WHERE Status IN ('Rejected', 'Displaced', 'Cancelled');
ALTER TABLE People ADD WorkingHours NVARCHAR(MAX) NULL;
-- Sessions_Month begins with the same column.
DROP INDEX Sessions_Starts ON Sessions;

-- One service's database and the login all services use. Run by sqlcmd, which fills in DATABASE, SQL_USER and SQL_PASSWORD.
-- May be run again at any time.
IF SUSER_ID(N'$(SQL_USER)') IS NULL CREATE LOGIN [$(SQL_USER)] WITH PASSWORD = N'$(SQL_PASSWORD)';
IF DB_ID(N'$(DATABASE)') IS NULL CREATE DATABASE [$(DATABASE)];
GO
-- Readers do not wait for writers.
IF (SELECT is_read_committed_snapshot_on FROM sys.databases WHERE name = N'$(DATABASE)') = 0
    ALTER DATABASE [$(DATABASE)] SET READ_COMMITTED_SNAPSHOT ON WITH ROLLBACK IMMEDIATE;
GO
USE [$(DATABASE)];
GO
IF USER_ID(N'$(SQL_USER)') IS NULL CREATE USER [$(SQL_USER)] FOR LOGIN [$(SQL_USER)];
ALTER ROLE db_owner ADD MEMBER [$(SQL_USER)];
GO

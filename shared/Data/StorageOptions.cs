namespace LiveCommerce.Data;

public enum StorageEngine
{
    Sqlite,
    SqlServer,
}

/// <summary>Section <c>Storage</c> of the configuration.</summary>
public sealed class StorageOptions
{
    public StorageEngine Engine { get; set; } = StorageEngine.Sqlite;

    /// <summary>SQLite: the folder that holds one file per service. One process at a time may use it.</summary>
    public string Folder { get; set; } = "data";

    /// <summary>SQL Server: <c>{service}</c> stands for the service's name, so that each has its own database.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>SQLite: most write bodies that share one commit.</summary>
    public int GroupSize { get; set; } = 128;

    /// <summary>
    /// SQLite: most write bodies waiting; SQL Server: most under way, running or waiting for a connection. A request beyond that is
    /// refused with 503 at once.
    /// </summary>
    public int QueueLimit { get; set; } = 2048;

    /// <summary>SQLite: page cache of the writer, MiB. Filled only as far as it is used.</summary>
    public int CacheMiB { get; set; } = 32;
}

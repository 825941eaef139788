using LiveCommerce.Kernel;

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
    /// Most writes of a service under way, waiting or running, however quick they are. A request beyond that is refused with 503 at once.
    /// </summary>
    public int QueueLimit { get; set; } = 2048;

    /// <summary>
    /// Milliseconds a request's write may expect to wait for its commit before it is refused with 503 instead. What two groups hold
    /// is never refused for that, nor is a sudden crowd of a few hundred.
    /// </summary>
    public int LongestWaitMs { get; set; } = 40;

    /// <summary>SQLite: page cache of the writer, MiB. Filled only as far as it is used.</summary>
    public int CacheMiB { get; set; } = 32;

    internal WaitLimit NewWaitLimit(TimeProvider clock) => new(clock)
    {
        // One group waits while another is written.
        Always = 2 * GroupSize,
        Most = QueueLimit,
        Longest = TimeSpan.FromMilliseconds(LongestWaitMs),
    };

    internal RejectionException Refuse(WaitLimit waiting) => new(CommonRejections.Overloaded.Because(
        $"{waiting.Inside} changes are waiting.") with
    { RetryAfter = TimeSpan.FromSeconds(1) });
}

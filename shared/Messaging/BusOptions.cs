namespace LiveCommerce.Messaging;

public enum BusTransport
{
    /// <summary>In this process: the relay hands each event to the reactions here, and waits for them.</summary>
    Embedded,

    RabbitMq,
}

/// <summary>Section <c>Bus</c> of the configuration.</summary>
public sealed class BusOptions
{
    public BusTransport Transport { get; set; } = BusTransport.Embedded;

    public string Host { get; set; } = "localhost";

    public ushort Port { get; set; } = 5672;

    public string VirtualHost { get; set; } = "/";

    public string User { get; set; } = "guest";

    public string Password { get; set; } = "guest";

    /// <summary>Messages a reaction works on at once.</summary>
    public int Concurrency { get; set; } = 64;

    /// <summary>Outbox rows in flight at once.</summary>
    public int RelayBatch { get; set; } = 256;

    /// <summary>How long one message may take to be confirmed.</summary>
    public TimeSpan DeliveryTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Failures of its own after which an outbox row is set aside, for an operator to look at.</summary>
    public int FailuresBeforeSetAside { get; set; } = 10;

    /// <summary>
    /// Waits before a message that failed in a reaction is tried again; then it goes to the reaction's <c>_error</c> queue.
    /// Empty: 10 seconds, 1 minute, 10 minutes.
    /// </summary>
    public TimeSpan[] Redeliveries { get; set; } = [];

    /// <summary>Short waits before a delivery is tried again at once, when not even the putting off succeeds. Empty: 0.2, 1 and 5 seconds.</summary>
    public TimeSpan[] Retries { get; set; } = [];

    // Configuration adds to an array that is there already; so the defaults stand apart from what can be set.
    internal IReadOnlyList<TimeSpan> RedeliveryWaits => Redeliveries.Length > 0 ? Redeliveries : DefaultRedeliveries;

    internal TimeSpan[] RetryWaits => Retries.Length > 0 ? Retries : DefaultRetries;

    private static readonly TimeSpan[] DefaultRedeliveries = [TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10)];

    private static readonly TimeSpan[] DefaultRetries = [TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5)];
}

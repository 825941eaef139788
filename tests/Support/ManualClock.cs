namespace LiveCommerce.Support;

/// <summary>A clock that stands still until told, so that no test is refused for a wait the machine alone is to blame for.</summary>
public sealed class ManualClock(DateTimeOffset start) : TimeProvider
{
    /// <summary>Where tests begin unless they say otherwise: a Thursday, before the autumn's festivals.</summary>
    public static readonly DateTimeOffset Start = new(2026, 10, 1, 8, 0, 0, TimeSpan.Zero);

    private long _ticks = start.UtcTicks;

    public ManualClock() : this(Start)
    {
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public void Advance(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);

    public void Set(DateTimeOffset at) => Interlocked.Exchange(ref _ticks, at.UtcTicks);
}

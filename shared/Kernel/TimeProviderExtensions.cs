namespace LiveCommerce.Kernel;

public static class TimeProviderExtensions
{
    /// <summary>A UUIDv7 of this clock's time: ids sort by creation as text.</summary>
    public static Guid NewId(this TimeProvider clock) => Guid.CreateVersion7(clock.GetUtcNow());

    /// <summary>
    /// The instant as both databases keep it: UTC, whole microseconds. Whatever is compared with a stored
    /// instant, or answered and later read back, must go through here, or the two differ in the last digit.
    /// </summary>
    public static DateTimeOffset Now(this TimeProvider clock) => clock.GetUtcNow().ToStored();

    public static DateTimeOffset ToStored(this DateTimeOffset at)
    {
        var utc = at.UtcDateTime.Ticks;
        return new DateTimeOffset(utc - utc % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
    }
}

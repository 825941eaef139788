namespace LiveCommerce.Data;

/// <summary>
/// Decides at the door whether one more may come in, by how long the crowd inside would make it wait: those inside times
/// the time each of the latest took (Little's law). What is bounded is time, so the same setting fits a slow machine and a
/// fast one; and whoever is let in is answered in time, however many are turned away.
/// </summary>
/// <param name="clock">Measures how quickly those inside leave.</param>
public sealed class WaitLimit(TimeProvider clock)
{
    /// <summary>So many leave between two looks at the clock. Fewer would take one slow batch for a slow service.</summary>
    private const int Window = 64;

    /// <summary>A burst that was spent is saved up again in this time.</summary>
    private static readonly TimeSpan SavedUpIn = TimeSpan.FromSeconds(10);

    private readonly Lock _saving = new();
    private int _inside;
    private int _left;
    private long _windowStart;
    private long _ticksEach;
    private double _spent;
    private long _savedAt;

    /// <summary>Nobody is turned away for time while no more than this are inside: one needs company to be quick.</summary>
    public required int Always { get; init; }

    /// <summary>Never more than this inside.</summary>
    public required int Most { get; init; }

    /// <summary>The longest one may expect to wait.</summary>
    public required TimeSpan Longest { get; init; }

    /// <summary>
    /// So many are let in beyond <see cref="Longest"/> all the same. A crowd that comes at once and is over is answered late
    /// rather than refused; a crowd that keeps coming has soon used it up.
    /// </summary>
    public int Burst { get; init; } = 512;

    /// <summary>Waiting or being answered.</summary>
    public int Inside => Volatile.Read(ref _inside);

    /// <returns>False: turned away. True: in, until <see cref="Leave"/>.</returns>
    public bool TryEnter()
    {
        var inside = Enter();
        if (inside <= Most && (inside <= Always || Wait(inside) <= Longest || TrySpend())) return true;
        Interlocked.Decrement(ref _inside);
        return false;
    }

    /// <summary>Comes in without being asked: what has to be done sooner or later, and nobody waits for.</summary>
    /// <returns>How many are inside now.</returns>
    public int Enter()
    {
        var inside = Interlocked.Increment(ref _inside);
        // Nobody was inside, so the time until now says nothing about how quick they are.
        if (inside == 1) Start(clock.GetTimestamp());
        return inside;
    }

    public void Leave(int count = 1)
    {
        Interlocked.Add(ref _inside, -count);
        var left = Interlocked.Add(ref _left, count);
        if (left < Window || Interlocked.CompareExchange(ref _left, 0, left) != left) return;
        var now = clock.GetTimestamp();
        var each = (now - Interlocked.Exchange(ref _windowStart, now)) / left;
        var before = Volatile.Read(ref _ticksEach);
        Volatile.Write(ref _ticksEach, before == 0 ? each : ((3 * before) + each) / 4);
    }

    private TimeSpan Wait(int inside) => clock.GetElapsedTime(0, inside * Volatile.Read(ref _ticksEach));

    private void Start(long now)
    {
        Volatile.Write(ref _left, 0);
        Volatile.Write(ref _windowStart, now);
    }

    private bool TrySpend()
    {
        lock (_saving)
        {
            var now = clock.GetTimestamp();
            _spent = Math.Max(0, _spent - (Burst * (clock.GetElapsedTime(_savedAt, now) / SavedUpIn)));
            _savedAt = now;
            if (_spent + 1 > Burst) return false;
            _spent++;
            return true;
        }
    }
}

using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Security.Claims;
using LiveCommerce.Data;
using LiveCommerce.Kernel;

namespace LiveCommerce.Hosting;

/// <summary>
/// What one service knows of who may not come in although the token is good, and of where units stand now. A copy in memory
/// of two small tables, so that a request costs a look into a dictionary. It is read again by the requests themselves: beside
/// them once it is 10 seconds old, and before them once it is 30, so that nobody is judged by an older one.
/// </summary>
public sealed class AccessDirectory(ServiceDb db, TimeProvider clock)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Stale = TimeSpan.FromSeconds(30);

    // Longer than a transaction takes, or clocks of instances differ: what commits late is still seen.
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(2);

    private readonly Lock _starting = new();
    private readonly ConcurrentDictionary<string, MemberStanding> _members = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Guid, UnitStanding> _units = new();
    private volatile FrozenSet<string> _inactive = [];
    private Task _reading = Task.CompletedTask;
    private DateTimeOffset _readUntil = DateTimeOffset.UnixEpoch;
    private long _readAt;
    private long _read;
    private long _wanted = 1;

    /// <summary>Something has changed: whoever comes next waits until it has been read.</summary>
    public void Expire() => Interlocked.Increment(ref _wanted);

    /// <summary>Done at once, unless this is too old to judge by.</summary>
    internal ValueTask BeFresh()
    {
        var wanted = Volatile.Read(ref _wanted);
        var age = clock.GetElapsedTime(Volatile.Read(ref _readAt));
        if (Volatile.Read(ref _read) < wanted || age >= Stale) return new ValueTask(UntilFresh(wanted));
        if (age >= Fresh) _ = Reading();
        return ValueTask.CompletedTask;
    }

    /// <returns>Why the caller of a good token may not come in all the same; null if it may.</returns>
    internal Rejection? Refusal(string memberId, ClaimsPrincipal token, string path)
    {
        if (_members.TryGetValue(memberId, out var member))
        {
            if (member.IsSuspended) return CommonRejections.Suspended.Because("Somebody who manages members has suspended the caller.");
            // Of another authority's tokens only their own end is known.
            if (long.TryParse(token.FindFirstValue(TokenClaims.Version), out var version) && version < member.TokensFrom)
                return CommonRejections.Unauthenticated.Because("The access token is older than a change of its member: sign in again.");
        }
        return _inactive.Count > 0 && UnitPath.SelfAndAncestors(path).Any(_inactive.Contains)
            ? CommonRejections.UnitInactive.Because("Ask whoever manages the units above.")
            : null;
    }

    /// <summary>Where a unit stands now, which a token may be too old to know; null if nothing is known of it.</summary>
    internal string? PathOf(Guid unitId) => _units.TryGetValue(unitId, out var unit) ? unit.Path : null;

    private async Task UntilFresh(long wanted)
    {
        do await Reading();
        while (Volatile.Read(ref _read) < wanted);
    }

    private Task Reading()
    {
        lock (_starting)
        {
            if (!_reading.IsCompleted) return _reading;
            // Not under the trace of whoever happens to come first.
            using var flow = ExecutionContext.SuppressFlow();
            return _reading = Task.Run(Read);
        }
    }

    private async Task Read()
    {
        var (wanted, at, now) = (Volatile.Read(ref _wanted), clock.GetTimestamp(), clock.Now());
        // A clock that was set back must not hide what is written by it.
        var since = (now < _readUntil ? now : _readUntil) - (_read == 0 ? TimeSpan.Zero : Overlap);
        foreach (var member in await db.Query<MemberStanding>(AccessSql.MembersSince, new { Since = since }))
        {
            // Those who are refused nothing need not be remembered.
            if (member.IsSuspended || member.TokensFrom > 1) _members[member.MemberId.ToString()] = member;
            else _members.TryRemove(member.MemberId.ToString(), out _);
        }
        var units = await db.Query<UnitStanding>(AccessSql.UnitsSince, new { Since = since });
        foreach (var unit in units) _units[unit.UnitId] = unit;
        if (units.Count > 0) _inactive = _units.Values.Where(u => !u.IsActive).Select(u => u.Path).ToFrozenSet(StringComparer.Ordinal);
        _readUntil = now;
        Volatile.Write(ref _readAt, at);
        Volatile.Write(ref _read, wanted);
    }

    private sealed record MemberStanding
    {
        public Guid MemberId { get; init; }

        public bool IsSuspended { get; init; }

        public long TokensFrom { get; init; }
    }

    private sealed record UnitStanding
    {
        public Guid UnitId { get; init; }

        public string Path { get; init; } = "";

        public bool IsActive { get; init; }
    }
}

/// <summary>The directory of each service in this process.</summary>
public sealed class AccessDirectories(IEnumerable<ServiceDb> databases, TimeProvider clock)
{
    private readonly FrozenDictionary<string, AccessDirectory> _byService = databases.ToFrozenDictionary(d => d.Service, d => new AccessDirectory(d, clock));

    public AccessDirectory Of(string service) => _byService[service];
}

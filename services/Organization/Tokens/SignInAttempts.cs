using System.Net;
using System.Net.Sockets;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Organization.Members;

namespace LiveCommerce.Organization.Tokens;

/// <summary>
/// Counts failures to sign in under a name and locks it for a while after too many in a row: whether there is somebody of that
/// name or not, so that a lock gives no name away. A lock is for the address that guessed. Many addresses together lock the
/// name for all but those it was signed in under before, so that nobody can keep its owner out. Those who try the same name
/// from the same address in this process take turns, so that no crowd of guesses gets in before the first has been counted.
/// </summary>
internal sealed class SignInAttempts(OrganizationDb db, TimeProvider clock, DerivedSecrets secrets)
{
    internal static readonly RejectionKind LockedOut = new("sign_in.locked", 429, "Too many failures to sign in under this name.");

    /// <summary>Failures in a row from one address before the name is locked for it.</summary>
    internal const int Tries = 5;

    /// <summary>Failures in a row from all addresses that are not known before the name is locked for those.</summary>
    internal const int TriesOfStrangers = 50;

    /// <summary>The first lock; each failure after it doubles the next.</summary>
    internal static readonly TimeSpan ShortestLock = TimeSpan.FromMinutes(1);

    internal static readonly TimeSpan LongestLock = TimeSpan.FromMinutes(15);

    /// <summary>Failures this far apart are not in a row.</summary>
    internal static readonly TimeSpan Remembered = TimeSpan.FromDays(1);

    /// <summary>How long an address stays known after the latest sign-in.</summary>
    internal static readonly TimeSpan KnownFor = TimeSpan.FromDays(90);

    /// <summary>Whoever has a network of the newer protocol has this many bits of an address to choose freely.</summary>
    private const int NetworkBytes = 8;

    // A name always meets the same one; names that share one merely wait for each other.
    private readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];

    /// <summary>Waits for the turn of whoever signs in under this name from there; the turn ends when the attempt is disposed of.</summary>
    /// <param name="signInName">As it was typed.</param>
    /// <param name="origin">The address the request came from; null if it came from none.</param>
    /// <param name="ct">Ends the wait.</param>
    public async Task<Attempt> Begin(string signInName, string? origin, CancellationToken ct)
    {
        var key = new AttemptKey(secrets.OfName($"{signInName}\n{NetworkOf(origin)}"), secrets.OfName(signInName));
        var turn = _turns[Convert.ToInt32(key.Place[..2], 16) % _turns.Length];
        await turn.WaitAsync(ct);
        try
        {
            var failures = await db.Query<FailuresRow>(SignInSql.Find, key, ct);
            var seenAt = await db.Scalar<DateTimeOffset?>(SignInSql.SeenAt, key, ct);
            return new Attempt(db, turn, key, failures, seenAt, clock.Now());
        }
        catch
        {
            turn.Release();
            throw;
        }
    }

    private static string NetworkOf(string? origin)
    {
        if (!IPAddress.TryParse(origin, out var address)) return "";
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, NetworkBytes)) : address.ToString();
    }

    internal sealed class Attempt(OrganizationDb db, SemaphoreSlim turn, AttemptKey key, IReadOnlyList<FailuresRow> known, DateTimeOffset? seenAt, DateTimeOffset now) : IDisposable
    {
        private bool IsKnown => seenAt > now - KnownFor;

        /// <summary>Set while the name is locked: nothing it brings is to be looked at.</summary>
        public Rejection? Refusal => known.Where(f => f.NameHash == key.Place || !IsKnown).Max(f => f.LockedUntil) is { } until && until > now
            ? LockedOut.Because("Come again later, or ask for a new invitation if the password is lost.") with { RetryAfter = until - now }
            : null;

        /// <summary>Counted even if whoever guessed has gone: leaving in time must not be a way to guess for nothing.</summary>
        public Task Failed() => db.InTransaction<Done>(async work =>
        {
            if (known.Count == 0) await work.Execute(SignInSql.Forget, new { Before = work.Now - Remembered });
            await Count(work, key.Place, Tries);
            if (!IsKnown) await Count(work, key.Name, TriesOfStrangers);
            return new Done();
        }, CancellationToken.None);

        public async Task Succeeded(CancellationToken ct)
        {
            // What strangers guess is not forgiven because the owner comes in where they always do.
            var forgiven = known.Where(f => f.NameHash == key.Place || !IsKnown).Select(f => f.NameHash).ToList();
            if (forgiven.Count == 0 && seenAt > now - Remembered) return;
            await db.InTransaction<Done>(async work =>
            {
                if (forgiven.Count > 0) await work.Execute(SignInSql.Forgive, new { Ids = Sql.Json(forgiven) });
                if (seenAt is null) await work.Execute(SignInSql.ForgetPlaces, new { Before = work.Now - KnownFor });
                await work.Upsert(SignInSql.SeeAgain, SignInSql.See, new { key.Place, work.Now });
                return new Done();
            }, ct);
        }

        public void Dispose() => turn.Release();

        private static async Task Count(UnitOfWork work, string name, int tries)
        {
            var row = await work.Find<FailuresRow>(SignInSql.Hold, new { Name = name });
            var failures = (row is null || row.LatestAt < work.Now - Remembered ? 0 : row.Failures) + 1;
            // 2^4 minutes are above the longest already; further doubling would only overflow.
            var wait = ShortestLock * Math.Pow(2, Math.Clamp(failures - tries, 0, 4));
            await work.Upsert(SignInSql.Update, SignInSql.Insert, new
            {
                Name = name,
                Failures = failures,
                LockedUntil = failures < tries ? (DateTimeOffset?)null : work.Now + (wait < LongestLock ? wait : LongestLock),
                work.Now,
            });
        }
    }

    /// <param name="Place">Keyed hash of name and address.</param>
    /// <param name="Name">Keyed hash of the name alone: what all addresses have in common.</param>
    internal sealed record AttemptKey(string Place, string Name);

    internal sealed record FailuresRow
    {
        public string NameHash { get; init; } = "";

        public int Failures { get; init; }

        public DateTimeOffset? LockedUntil { get; init; }

        public DateTimeOffset LatestAt { get; init; }
    }
}

internal static class SignInSql
{
    private const string Failures = "SELECT NameHash, Failures, LockedUntil, LatestAt FROM SignInFailures";

    internal const string Find = $"{Failures} WHERE NameHash IN (@Place, @Name)";
    internal const string Hold = $"{Failures}{Sql.Held} WHERE NameHash = @Name";
    internal const string Update = "UPDATE SignInFailures SET Failures = @Failures, LockedUntil = @LockedUntil, LatestAt = @Now WHERE NameHash = @Name";
    internal const string Insert = "INSERT INTO SignInFailures (NameHash, Failures, LockedUntil, LatestAt) VALUES (@Name, @Failures, @LockedUntil, @Now)";
    internal const string Forgive = $"DELETE FROM SignInFailures WHERE NameHash IN {Sql.Ids}";
    internal const string Forget = "DELETE FROM SignInFailures WHERE LatestAt < @Before";

    internal const string SeenAt = "SELECT SeenAt FROM SignInPlaces WHERE PlaceHash = @Place";
    internal const string SeeAgain = "UPDATE SignInPlaces SET SeenAt = @Now WHERE PlaceHash = @Place";
    internal const string See = "INSERT INTO SignInPlaces (PlaceHash, SeenAt) VALUES (@Place, @Now)";
    internal const string ForgetPlaces = "DELETE FROM SignInPlaces WHERE SeenAt < @Before";
}

using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Organization.Members;

namespace LiveCommerce.Organization.Tokens;

/// <summary>
/// Counts failures to sign in under a name and locks it for a while after too many in a row: whether there is somebody of that
/// name or not, so that a lock gives no name away. Those who try the same name in this process take turns, so that no crowd
/// of guesses gets in before the first has been counted.
/// </summary>
internal sealed class SignInAttempts(OrganizationDb db, TimeProvider clock, DerivedSecrets secrets)
{
    internal static readonly RejectionKind LockedOut = new("sign_in.locked", 429, "Too many failures to sign in under this name.");

    /// <summary>Failures in a row before the name is locked.</summary>
    internal const int Tries = 5;

    /// <summary>The first lock; each failure after it doubles the next.</summary>
    internal static readonly TimeSpan ShortestLock = TimeSpan.FromMinutes(1);

    internal static readonly TimeSpan LongestLock = TimeSpan.FromMinutes(15);

    /// <summary>Failures this far apart are not in a row.</summary>
    internal static readonly TimeSpan Remembered = TimeSpan.FromDays(1);

    private const string Find = "SELECT Failures, LockedUntil, LatestAt FROM SignInFailures WHERE NameHash = @Name";
    private const string FindToChange = $"SELECT Failures, LockedUntil, LatestAt FROM SignInFailures{Sql.Held} WHERE NameHash = @Name";
    private const string Update = "UPDATE SignInFailures SET Failures = @Failures, LockedUntil = @LockedUntil, LatestAt = @Now WHERE NameHash = @Name";
    private const string Insert = "INSERT INTO SignInFailures (NameHash, Failures, LockedUntil, LatestAt) VALUES (@Name, @Failures, @LockedUntil, @Now)";
    private const string Delete = "DELETE FROM SignInFailures WHERE NameHash = @Name";
    private const string Forget = "DELETE FROM SignInFailures WHERE LatestAt < @Before";

    // A name always meets the same one; names that share one merely wait for each other.
    private readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];

    /// <summary>Waits for the turn of whoever signs in under this name; the turn ends when the attempt is disposed of.</summary>
    public async Task<Attempt> Begin(string signInName, CancellationToken ct)
    {
        var name = secrets.OfName(signInName);
        var turn = _turns[Convert.ToInt32(name[..2], 16) % _turns.Length];
        await turn.WaitAsync(ct);
        try
        {
            return new Attempt(db, turn, name, await db.Find<FailuresRow>(Find, new { Name = name }, ct), clock.Now());
        }
        catch
        {
            turn.Release();
            throw;
        }
    }

    internal sealed class Attempt(OrganizationDb db, SemaphoreSlim turn, string name, FailuresRow? known, DateTimeOffset now) : IDisposable
    {
        /// <summary>Set while the name is locked: nothing it brings is to be looked at.</summary>
        public Rejection? Refusal => known?.LockedUntil is { } until && until > now
            ? LockedOut.Because("Come again later, or ask for a new invitation if the password is lost.") with { RetryAfter = until - now }
            : null;

        /// <summary>Counted even if whoever guessed has gone: leaving in time must not be a way to guess for nothing.</summary>
        public Task Failed() => db.InTransaction<Done>(async work =>
        {
            var before = work.Now - Remembered;
            if (known is null) await work.Execute(Forget, new { Before = before });
            var row = await work.Find<FailuresRow>(FindToChange, new { Name = name });
            var failures = (row is null || row.LatestAt < before ? 0 : row.Failures) + 1;
            // 2^4 minutes are above the longest already; further doubling would only overflow.
            var wait = ShortestLock * Math.Pow(2, Math.Clamp(failures - Tries, 0, 4));
            await work.Upsert(Update, Insert, new
            {
                Name = name,
                Failures = failures,
                LockedUntil = failures < Tries ? (DateTimeOffset?)null : work.Now + (wait < LongestLock ? wait : LongestLock),
                work.Now,
            });
            return new Done();
        }, CancellationToken.None);

        public async Task Succeeded(CancellationToken ct)
        {
            if (known is null) return;
            await db.InTransaction<Done>(async work =>
            {
                await work.Execute(Delete, new { Name = name });
                return new Done();
            }, ct);
        }

        public void Dispose() => turn.Release();
    }

    internal sealed record FailuresRow
    {
        public int Failures { get; init; }

        public DateTimeOffset? LockedUntil { get; init; }

        public DateTimeOffset LatestAt { get; init; }
    }
}

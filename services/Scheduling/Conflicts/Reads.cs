using LiveCommerce.Data;
using LiveCommerce.Kernel;

namespace LiveCommerce.Scheduling.Conflicts;

/// <summary>Where to read from: a transaction, or the database outside any.</summary>
internal sealed class Reads
{
    private readonly UnitOfWork? _work;
    private readonly SchedulingDb? _db;
    private readonly CancellationToken _ct;

    private Reads(UnitOfWork? work, SchedulingDb? db, DateTimeOffset now, CancellationToken ct) => (_work, _db, Now, _ct) = (work, db, now, ct);

    public DateTimeOffset Now { get; }

    public static Reads Outside(SchedulingDb db, TimeProvider clock, CancellationToken ct) => Outside(db, clock.Now(), ct);

    public static Reads Outside(SchedulingDb db, DateTimeOffset now, CancellationToken ct) => new(null, db, now, ct);

    public static implicit operator Reads(UnitOfWork work) => new(work, null, work.Now, default);

    public Task<IReadOnlyList<T>> Query<T>(string sql, object args) => _work is { } work ? work.Query<T>(sql, args) : _db!.Query<T>(sql, args, _ct);
}

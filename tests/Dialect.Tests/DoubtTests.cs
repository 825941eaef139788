using LiveCommerce.Data;
using LiveCommerce.Kernel;
using LiveCommerce.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace LiveCommerce.Dialect.Tests;

/// <summary>What a distant database does and a file does not: answers that are lost on the way, and requests that overtake each other.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class DoubtTests
{
    [Test]
    public async Task ACommitInDoubt_IsNotRunAgain_ForARequestWithoutAKey()
    {
        await using var distant = await Distant.Open();
        distant.AnswersToLose = 1;
        var e = Assert.ThrowsAsync<RejectionException>(() => distant.Db.InTransaction<Done>(Distant.Write(key: null), Distant.Add));
        Assert.That((e!.Rejection.Kind, e.Rejection.RetryAfter), Is.EqualTo((CommonRejections.OutcomeUnknown, TimeSpan.FromSeconds(1))));
        Assert.That(await distant.Db.Scalar<long>(Thing.Count), Is.EqualTo(1));
    }

    [Test]
    public async Task ACommitInDoubt_IsAskedForAgain_UnderItsKey()
    {
        await using var distant = await Distant.Open();
        distant.AnswersToLose = 2;
        Assert.That((await distant.Db.InTransaction<Done>(Distant.Write("key"), Distant.Add)).IsRejected, Is.False);
        Assert.That(await distant.Db.Scalar<long>(Thing.Count), Is.EqualTo(1), "run once, and recognised after that");
    }

    [Test]
    public async Task ACommitInDoubt_OfAMessage_IsRunAgain()
    {
        await using var distant = await Distant.Open();
        distant.AnswersToLose = 1;
        var message = Guid.CreateVersion7(ManualClock.Start);
        await distant.Db.InTransaction<Done>(async work => await work.Accept("OnTest", message) ? await Distant.Add(work) : new Done());
        Assert.That(await distant.Db.Scalar<long>(Thing.Count), Is.EqualTo(1), "its inbox row says it was there");
    }

    [Test]
    public async Task ARefusalThatTheFirstRequestOfTheSameKeyCaused_IsItsAnswer()
    {
        await using var distant = await Distant.Open();
        distant.AfterNext = () => distant.Db.InTransaction<Done>(Distant.Write("key"), Distant.Add);
        var second = await distant.Db.InTransaction<Done>(Distant.Write("key"), _ => Task.FromResult<Result<Done>>(CommonRejections.LostRace.Because("A test.")));
        Assert.That(second.IsRejected, Is.False);
        var other = await distant.Db.InTransaction<Done>(Distant.Write("other"), _ => Task.FromResult<Result<Done>>(CommonRejections.LostRace.Because("A test.")));
        Assert.That(other.Rejection!.Kind, Is.EqualTo(CommonRejections.LostRace));
    }

    [Test]
    public async Task ADatabaseThatStaysBusy_IsUnavailable()
    {
        await using var distant = await Distant.Open();
        distant.IsBusy = true;
        Assert.That(async () => await distant.Db.InTransaction<Done>(Distant.Write("key"), Distant.Add), Throws.InstanceOf<DatabaseUnavailableException>());
        Assert.That(async () => await distant.Db.Scalar<long>(Thing.Count), Throws.InstanceOf<DatabaseUnavailableException>());
        distant.BusyFor = 2;
        Assert.That(await distant.Db.Scalar<long>(Thing.Count), Is.Zero, "a read is tried again");
    }

    private sealed class DistantDb(ServiceDbSetup setup, ISqlDialect dialect) : ServiceDb("distant", setup, dialect);

    /// <summary>SQLite, behind a line that loses answers.</summary>
    private sealed class Distant : ISqlDialect, ITransactionRunner
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("live-commerce-").FullName;
        private readonly SqliteDialect _sqlite;
        private readonly ITransactionRunner _runner;
        private int _busyFor = int.MaxValue;
        private bool _disposed;

        private Distant()
        {
            var setup = new ServiceDbSetup(new StorageOptions { Folder = _folder }, new ManualClock(), NullLoggerFactory.Instance);
            _sqlite = new SqliteDialect(setup.Options, "distant");
            _runner = _sqlite.CreateRunner(setup, "distant");
            Db = new DistantDb(setup, this);
        }

        public ServiceDb Db { get; }

        public long? Commits => null;

        /// <summary>Commits that happen and are not heard of.</summary>
        public int AnswersToLose { get; set; }

        /// <summary>Happens between the next transaction's end and its answer.</summary>
        public Func<Task>? AfterNext { get; set; }

        public bool IsBusy { get; set; }

        public int BusyFor
        {
            set => (IsBusy, _busyFor) = (true, value);
        }

        public string Name => _sqlite.Name;

        public string Page => _sqlite.Page;

        public string Ids => _sqlite.Ids;

        public string Rows => _sqlite.Rows;

        public string Field => _sqlite.Field;

        public string Held => _sqlite.Held;

        public string TakeOutbox => _sqlite.TakeOutbox;

        public static async Task<Distant> Open()
        {
            var distant = new Distant();
            await distant.Db.Migrate();
            return distant;
        }

        public static async Task<Result<Done>> Add(UnitOfWork work)
        {
            await work.Execute(Thing.Insert, new Thing { Code = TimeProvider.System.NewId().ToString() }.ToParameters());
            return new Done();
        }

        public static WriteContext Write(string? key) => new()
        {
            ActorId = "member",
            ActorName = "Member",
            ActorPath = "/aurora/",
            Action = "Test",
            Subject = "/test",
            IsAudited = false,
            IdempotencyKey = key,
            RequestHash = key,
        };

        public async Task Run(TransactionJob job, bool isRequest, CancellationToken ct)
        {
            Fail();
            await _runner.Run(job, isRequest, ct);
            await ((TransactionJob<Done>)job).Done;
            if (AfterNext is { } after)
            {
                AfterNext = null;
                await after();
            }
            if (AnswersToLose-- > 0) throw new CommitInDoubtException(new IOException("The line went dead."));
        }

        public ValueTask<System.Data.Common.DbConnection> RentReader(CancellationToken ct)
        {
            Fail();
            return _sqlite.RentReader(ct);
        }

        public Task<System.Data.Common.DbConnection> OpenForMigration(CancellationToken ct) => _sqlite.OpenForMigration(ct);

        public Task CreateDatabase(CancellationToken ct) => _sqlite.CreateDatabase(ct);

        public Task<System.Data.Common.DbConnection> OpenWriter(CancellationToken ct) => _sqlite.OpenWriter(ct);

        public void ReturnReader(System.Data.Common.DbConnection connection) => _sqlite.ReturnReader(connection);

        public bool IsUniqueViolation(Exception e) => _sqlite.IsUniqueViolation(e);

        public bool IsTransient(Exception e) => _sqlite.IsTransient(e);

        public ITransactionRunner CreateRunner(ServiceDbSetup setup, string service) => this;

        public async ValueTask DisposeAsync()
        {
            if (_disposed) return;
            _disposed = true;
            await _runner.DisposeAsync();
            Directory.Delete(_folder, recursive: true);
        }

        private void Fail()
        {
            if (!IsBusy || _busyFor-- <= 0) return;
            throw new SqliteException("database is locked", 5);
        }
    }
}

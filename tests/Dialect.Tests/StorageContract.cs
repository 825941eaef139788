using LiveCommerce.Data;
using LiveCommerce.Kernel;
using LiveCommerce.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace LiveCommerce.Dialect.Tests;

/// <summary>What every service relies on, of whichever database it runs on. One subclass a database.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable(ParallelScope.All)]
internal abstract partial class StorageContract
{
    private readonly List<ContractDb> _opened = [];

    protected ManualClock Clock { get; } = new();

    /// <summary>The database of this test alone.</summary>
    protected ContractDb Db { get; private set; } = null!;

    [SetUp]
    public async Task OpenDatabase()
    {
        Db = Open();
        await Db.Migrate();
    }

    [TearDown]
    public async Task CloseDatabase()
    {
        foreach (var db in _opened) await db.DisposeAsync();
        await Drop();
    }

    [Test]
    public async Task EveryType_ComesBackAsItWasWritten()
    {
        var full = new Thing
        {
            Code = "full-Ünïcødé-直播",
            At = new DateTimeOffset(2026, 11, 11, 20, 0, 0, 123, TimeSpan.FromHours(8)).AddMicroseconds(456),
            Until = new DateTimeOffset(1971, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMicroseconds(1),
            PriceMinor = Money.MaxMinor,
            IsOpen = true,
            Kind = ThingKind.Fancy,
            Note = "",
            Remaining = int.MinValue,
        };
        var empty = new Thing { Code = "empty", At = new DateTimeOffset(2999, 12, 31, 23, 59, 59, 999, TimeSpan.Zero).AddMicroseconds(999), PriceMinor = -1 };
        await Insert(full, empty);
        Assert.That(await Db.Find<Thing>(Thing.ByCode, new { full.Code }), Is.EqualTo(full with { At = full.At.ToUniversalTime() }));
        Assert.That(await Db.Find<Thing>(Thing.ByCode, new { empty.Code }), Is.EqualTo(empty));
        Assert.That(await Db.Find<Thing>(Thing.ByCode, new { Code = "FULL-Ünïcødé-直播" }), Is.Null, "codes tell case apart");
        Assert.That(await Db.Scalar<string>("SELECT Code FROM Things WHERE Id = @Id", new { empty.Id }), Is.EqualTo("empty"));
        Assert.That(await Db.Scalar<long>("SELECT COUNT(*) FROM Things WHERE At > @At", new { full.At }), Is.EqualTo(1), "instants compare as instants");
    }

    [Test]
    public async Task PagesAndLists_AreCutAndFoundTheSame()
    {
        var things = Enumerable.Range(0, 25).Select(i => new Thing { Code = $"c{i:D2}", Remaining = i }).ToArray();
        await Insert(things);
        var page = await Db.Query<string>($"SELECT Code FROM Things WHERE Remaining >= @After ORDER BY Seq {Sql.Page}", new { After = 10, Limit = 5 });
        Assert.That(page, Is.EqualTo(new[] { "c10", "c11", "c12", "c13", "c14" }));
        var byCode = await Db.Query<string>($"SELECT Code FROM Things WHERE Code IN {Sql.Ids} ORDER BY Seq", new { Ids = Sql.Json(new[] { "c03", "c24", "none" }) });
        Assert.That(byCode, Is.EqualTo(new[] { "c03", "c24" }));
        var byId = await Db.Query<string>($"SELECT Code FROM Things WHERE Id IN {Sql.Ids} ORDER BY Seq", new { Ids = Sql.Json(new[] { things[7].Id, things[9].Id }) });
        Assert.That(byId, Is.EqualTo(new[] { "c07", "c09" }));
        Assert.That(await Db.Query<string>($"SELECT Code FROM Things WHERE Id IN {Sql.Ids}", new { Ids = "[]" }), Is.Empty);
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(1000)]
    [TestCase(2345)]
    public async Task AStream_GivesEveryRowOnce_InOrder_HoweverManyPages(int rows)
    {
        await Insert([.. Enumerable.Range(0, rows + 3).Select(i => new Thing { Code = $"c{i}", Remaining = i < 3 ? -1 : i })]);
        const string Page = $"SELECT Seq, Remaining FROM Things WHERE Remaining >= @Least AND Seq > @After ORDER BY Seq {Sql.Page}";
        var read = new List<int>();
        await foreach (var row in Db.Stream<Numbered>(Page, new { Least = 0 }, r => r.Seq)) read.Add(row.Remaining);
        Assert.That(read, Is.EqualTo(Enumerable.Range(3, rows)));
    }

    [Test]
    public async Task AStream_EndsWithWhoeverReadsIt()
    {
        await Insert([.. Enumerable.Range(0, 1500).Select(i => new Thing { Code = $"c{i}" })]);
        using var left = new CancellationTokenSource();
        var read = 0;
        Assert.That(async () =>
        {
            await foreach (var _ in Db.Stream<Numbered>($"SELECT Seq, Remaining FROM Things WHERE Seq > @After ORDER BY Seq {Sql.Page}", new { }, r => r.Seq, left.Token))
            {
                read++;
                await left.CancelAsync();
            }
        }, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(read, Is.LessThanOrEqualTo(1000));
    }

    [Test]
    public async Task ARefusal_RollsBackEverything_AndIsAnswered()
    {
        var result = await Db.InTransaction<Done>(async work =>
        {
            await work.Execute(Thing.Insert, new Thing { Code = "a" }.ToParameters());
            await work.Schedule("kind", "key", work.Now);
            return CommonRejections.LostRace.Because("A test.");
        });
        Assert.That(result.Rejection!.Kind, Is.EqualTo(CommonRejections.LostRace));
        Assert.That(await Db.Scalar<long>(Thing.Count), Is.Zero);
        Assert.That(await Db.Scalar<long>("SELECT COUNT(*) FROM DueWork"), Is.Zero);
    }

    [Test]
    public async Task ABodyThatThrows_HarmsNoNeighbour()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 120).Select(async i =>
        {
            try
            {
                await Db.InTransaction<Done>(async work =>
                {
                    await work.Execute(Thing.Insert, new Thing { Code = $"c{i}" }.ToParameters());
                    if (i % 3 == 0) throw new InvalidDataException();
                    if (i % 3 == 1) await work.Execute("INSERT INTO NoSuchTable (X) VALUES (1)");
                    return new Done();
                });
                return true;
            }
            catch (Exception e) when (e is InvalidDataException or System.Data.Common.DbException)
            {
                return false;
            }
        }));
        Assert.That(outcomes.Count(o => o), Is.EqualTo(40));
        Assert.That(await Db.Scalar<long>(Thing.Count), Is.EqualTo(40));
    }

    /// <summary>Most that are refused have written nothing; some have, and those that throw. Neighbours come in any order, in any number.</summary>
    [Test]
    public async Task OfACrowd_ExactlyWhatIsKeptIsThere_WithItsMessages([Range(1, 5)] int seed)
    {
        var random = new Random(seed);
        var expected = new List<string>();
        for (var wave = 0; wave < 6; wave++)
        {
            var oneIn = random.Next(2, 60);
            var fates = Enumerable.Range(0, random.Next(1, 200)).Select(_ => random.Next(oneIn) == 0 ? (Fate)random.Next(1, 4) : Fate.Keeps).ToList();
            var kept = await Task.WhenAll(fates.Select((fate, i) => Try($"{wave}-{i}", fate)));
            Assert.That(kept, Is.EqualTo(fates.Select(f => f == Fate.Keeps)));
            expected.AddRange(Enumerable.Range(0, fates.Count).Where(i => fates[i] == Fate.Keeps).Select(i => $"{wave}-{i}"));
        }

        Assert.That(await Db.Query<string>("SELECT Code FROM Things"), Is.EquivalentTo(expected));
        Assert.That(await Db.Query<string>("SELECT Body FROM Outbox"), Is.EquivalentTo(expected));
    }

    [Test]
    public async Task AStatementThatFailed_WorksTheNextTime()
    {
        var taken = new Thing { Code = "taken" };
        await Insert(taken);
        var result = await Db.InTransaction<int>(async work =>
        {
            var failures = 0;
            for (var i = 0; i < 3; i++)
            {
                if (await work.Find<Thing>(Thing.ByCode, new { Code = $"free{i}" }) is not null) failures++;
                await work.Execute(Thing.Insert, new Thing { Code = $"free{i}" }.ToParameters());
            }
            return failures;
        });
        Assert.That(result.Value, Is.Zero);
        Assert.That(async () => await Insert(new Thing { Code = "taken" }), Throws.InstanceOf<System.Data.Common.DbException>());
        await Insert(new Thing { Code = "another" });
        Assert.That(await Db.Scalar<long>(Thing.Count), Is.EqualTo(5));
    }

    [Test]
    public async Task AnInsertThatLostTheRace_IsRunAgain_AndSeesTheWinner()
    {
        var codes = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Db.InTransaction<Guid>(async work =>
        {
            if (await work.Find<Thing>(Thing.ByCode, new { Code = "one" }) is { } winner) return winner.Id;
            var thing = new Thing { Code = "one" };
            await work.Execute(Thing.Insert, thing.ToParameters());
            return thing.Id;
        })));
        Assert.That(codes.Select(c => c.Value).Distinct().Count(), Is.EqualTo(1));
        Assert.That(await Db.Scalar<long>(Thing.Count), Is.EqualTo(1));
    }

    [Test]
    public async Task AnInsertThatKeepsLosing_IsRefusedForARequest()
    {
        await Insert(new Thing { Code = "one" });
        var result = await Db.InTransaction<Done>(Write(), async work =>
        {
            await work.Execute(Thing.Insert, new Thing { Code = "one" }.ToParameters());
            return new Done();
        });
        Assert.That(result.Rejection!.Kind, Is.EqualTo(CommonRejections.LostRace));
        Assert.That(result.Rejection.RetryAfter, Is.Not.Null);
    }

    [Test]
    public async Task AGuardedUpdate_NeverSpendsMoreThanThereIs_WhenManyRace()
    {
        await Insert(new Thing { Code = "stock", Remaining = 10 });
        var won = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Db.InTransaction<bool>(async work =>
        {
            if (await work.Execute("UPDATE Things SET Remaining = Remaining - 1 WHERE Code = 'stock' AND Remaining > 0") == 0) return false;
            await work.Execute(Thing.Insert, new Thing { Code = $"won{i}" }.ToParameters());
            return true;
        })));
        Assert.That(won.Count(w => w.Value), Is.EqualTo(10));
        Assert.That(await Db.Scalar<long>(Thing.Count), Is.EqualTo(11));
        Assert.That(await Db.Scalar<int>("SELECT Remaining FROM Things WHERE Code = 'stock'"), Is.Zero);
    }

    [Test]
    public async Task WhenTooMuchWaits_ARequestIsRefusedAtOnce_AndAMessageWaits()
    {
        var db = Open(new StorageOptions { QueueLimit = 4, GroupSize = 1 });
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        async Task<Result<Done>> Hold(UnitOfWork work)
        {
            await gate.Task;
            return new Done();
        }
        var requests = Enumerable.Range(0, 12).Select(_ => Task.Run(() => db.InTransaction<Done>(Write(), Hold))).ToList();
        while (requests.Count(r => r.IsFaulted) < 7) await Task.WhenAny(requests.Where(r => !r.IsCompleted));
        var message = db.InTransaction<Done>(Hold);
        gate.SetResult();
        Assert.That((await message).IsRejected, Is.False);
        var refused = new List<Rejection>();
        foreach (var request in requests)
        {
            try
            {
                Assert.That((await request).IsRejected, Is.False);
            }
            catch (RejectionException e)
            {
                refused.Add(e.Rejection);
            }
        }
        Assert.That(refused, Has.Count.InRange(7, 8));
        Assert.That(refused.Select(r => r.Kind.Code), Is.All.EqualTo("server.overloaded"));
        Assert.That(refused.Select(r => r.RetryAfter), Is.All.Not.Null);
    }

    protected static WriteContext Write(string? key = null, string? hash = null, bool isAudited = false) => new()
    {
        ActorId = "member",
        ActorName = "Member",
        ActorPath = "/aurora/",
        Action = "Test",
        Subject = "/test",
        Origin = "::1",
        IsAudited = isAudited,
        IdempotencyKey = key,
        RequestHash = hash,
    };

    /// <summary>Another instance on the same database, as another process would have.</summary>
    protected ContractDb Open(StorageOptions? options = null)
    {
        var db = new ContractDb(DatabaseName, new ServiceDbSetup(Configure(options ?? new StorageOptions()), Clock, NullLoggerFactory.Instance));
        _opened.Add(db);
        return db;
    }

    protected string DatabaseName { get; } = $"contract-{TimeProvider.System.NewId():N}";

    protected abstract StorageOptions Configure(StorageOptions options);

    protected abstract Task Drop();

    private async Task Insert(params Thing[] things) => await Db.InTransaction<Done>(async work =>
    {
        foreach (var thing in things) await work.Execute(Thing.Insert, thing.ToParameters());
        return new Done();
    });

    private sealed class Numbered
    {
        public long Seq { get; init; }

        public int Remaining { get; init; }
    }

    private async Task<bool> Try(string code, Fate fate)
    {
        try
        {
            var result = await Db.InTransaction<Done>(async work =>
            {
                if (fate == Fate.RefusesFirst) return CommonRejections.LostRace.Because("It has written nothing.");
                await work.Execute(Thing.Insert, new Thing { Code = code }.ToParameters());
                work.Send(new OutgoingMessage { MessageId = Clock.NewId(), Type = "urn:message:test", Body = code });
                return fate switch
                {
                    Fate.RefusesLast => CommonRejections.LostRace.Because("It has written."),
                    Fate.Throws => throw new InvalidDataException(),
                    _ => new Done(),
                };
            });
            return !result.IsRejected;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private enum Fate
    {
        Keeps,
        RefusesFirst,
        RefusesLast,
        Throws,
    }
}

internal sealed class SqliteStorage : StorageContract
{
    private readonly string _folder = Directory.CreateTempSubdirectory("live-commerce-").FullName;

    protected override StorageOptions Configure(StorageOptions options)
    {
        options.Folder = _folder;
        return options;
    }

    protected override Task Drop()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }
}

/// <summary>Runs where LIVECOMMERCE_TEST_SQLSERVER holds a connection string; <c>Database={service}</c> is put in if it names none.</summary>
internal sealed class SqlServerStorage : StorageContract
{
    private static readonly string? Server = Environment.GetEnvironmentVariable("LIVECOMMERCE_TEST_SQLSERVER");

    protected override StorageOptions Configure(StorageOptions options)
    {
        if (string.IsNullOrEmpty(Server)) Assert.Ignore("LIVECOMMERCE_TEST_SQLSERVER holds no connection string of a SQL Server to test on.");
        options.Engine = StorageEngine.SqlServer;
        options.ConnectionString = new Microsoft.Data.SqlClient.SqlConnectionStringBuilder(Server) { InitialCatalog = "{service}" }.ConnectionString;
        return options;
    }

    protected override async Task Drop()
    {
        if (string.IsNullOrEmpty(Server)) return;
        Microsoft.Data.SqlClient.SqlConnection.ClearAllPools();
        await using var connection = new Microsoft.Data.SqlClient.SqlConnection(new Microsoft.Data.SqlClient.SqlConnectionStringBuilder(Server) { InitialCatalog = "master" }.ConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = $"DROP DATABASE IF EXISTS [{DatabaseName}]";
        await command.ExecuteNonQueryAsync();
    }
}

using System.Diagnostics;
using LiveCommerce.Data;
using LiveCommerce.Kernel;
using Microsoft.Extensions.Logging.Abstractions;

namespace LiveCommerce.Dialect.Tests;

/// <summary>Outbox, inbox, due work, idempotency, audit, migrations.</summary>
internal abstract partial class StorageContract
{
    [Test]
    public async Task TheOutbox_IsTakenInOrder_NothingTwice_AndExactlyTheSentRowsGo()
    {
        for (var i = 0; i < 5; i++) await Send($"m{i}");
        var first = await Take(2, []);
        Assert.That(first.Select(r => r.Body), Is.EqualTo(new[] { "m0", "m1" }));
        var second = await Take(10, first.Select(r => r.Seq));
        Assert.That(second.Select(r => r.Body), Is.EqualTo(new[] { "m2", "m3", "m4" }));
        await Db.InTransaction<Done>(async work =>
        {
            await work.Execute($"DELETE FROM Outbox WHERE Seq IN {Sql.Ids}", new { Ids = Sql.Json(new[] { first[0].Seq, second[2].Seq }) });
            return new Done();
        });
        Assert.That(await Db.Query<string>("SELECT Body FROM Outbox ORDER BY Seq"), Is.EqualTo(new[] { "m1", "m2", "m3" }));
        Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.That((await Take(10, [])).Select(r => r.Body), Is.EqualTo(new[] { "m1", "m2", "m3" }), "a lease that ran out");
    }

    [Test]
    public async Task AMessageIsAcceptedOnceByEachConsumer_EvenInARace()
    {
        var message = Clock.NewId();
        var accepted = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Db.InTransaction<bool>(async work => await work.Accept($"On{i % 2}", message))));
        Assert.That(accepted.Count(a => a.Value), Is.EqualTo(2));
    }

    [Test]
    public async Task DueWork_IsCarriedOutOnce_ByHoweverManyWorkers()
    {
        await Db.InTransaction<Done>(async work =>
        {
            for (var i = 0; i < 300; i++) await work.Schedule(CountingWork.Name, $"k{i}", work.Now.AddMinutes(1));
            await work.Schedule(CountingWork.Name, "later", work.Now.AddHours(1));
            await work.Schedule(CountingWork.Name, "moved", work.Now.AddHours(1));
            await work.Schedule(CountingWork.Name, "moved", work.Now.AddMinutes(1));
            await work.Schedule(CountingWork.Name, "dropped", work.Now.AddMinutes(1));
            await work.Unschedule(CountingWork.Name, "dropped");
            return new Done();
        });
        var workers = Enumerable.Range(0, 2).Select(_ => new DueWorker(Db, [new CountingWork()], Clock, NullLogger.Instance)).ToList();
        Assert.That(await workers[0].CarryOutDue(CancellationToken.None), Is.Zero, "not yet");
        Clock.Advance(TimeSpan.FromMinutes(1));
        await Task.WhenAll(workers.Select(w => Task.Run(async () =>
        {
            while (await w.CarryOutDue(CancellationToken.None) > 0) { }
        })));
        Assert.That(await Db.Scalar<long>(Thing.Count), Is.EqualTo(301));
        Assert.That(await Db.Query<string>("SELECT WorkKey FROM DueWork"), Is.EqualTo(new[] { "later" }));
        foreach (var worker in workers) worker.Dispose();
    }

    [Test]
    public async Task DueWorkThatFails_IsPutOff_AndHoldsNothingUp()
    {
        using var worker = new DueWorker(Db, [new CountingWork()], Clock, NullLogger.Instance);
        await Db.InTransaction<Done>(async work =>
        {
            await work.Schedule(CountingWork.Name, "poison", work.Now);
            await work.Schedule("unknown-kind", "x", work.Now);
            await work.Schedule(CountingWork.Name, "good", work.Now.AddSeconds(1));
            return new Done();
        });
        Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That(await worker.CarryOutDue(CancellationToken.None), Is.EqualTo(3));
        Assert.That(await Db.Query<string>("SELECT Code FROM Things"), Is.EqualTo(new[] { "good" }), "what the poison wrote is rolled back");
        Assert.That(await worker.CarryOutDue(CancellationToken.None), Is.Zero);
        Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That(await worker.CarryOutDue(CancellationToken.None), Is.EqualTo(2));
        Assert.That(await Db.Scalar<int>("SELECT Failures FROM DueWork WHERE WorkKey = 'poison'"), Is.EqualTo(2));
    }

    [Test]
    public async Task LongDueWork_ThatSchedulesItsNextPartForNow_GoesOnAtOnce()
    {
        const int Parts = 300;
        using var worker = new DueWorker(Db, [new WorkInParts(Parts)], Clock, NullLogger.Instance);
        await Db.InTransaction<Done>(async work =>
        {
            await work.Schedule(WorkInParts.Name, "long", work.Now);
            return new Done();
        });
        var elapsed = Stopwatch.StartNew();
        await worker.StartAsync(CancellationToken.None);
        while (await Db.Scalar<long>(Thing.Count) < Parts && elapsed.Elapsed < TimeSpan.FromMinutes(3)) await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        await worker.StopAsync(CancellationToken.None);
        Assert.That(await Db.Scalar<long>(Thing.Count), Is.EqualTo(Parts));
        Assert.That(await Db.Scalar<long>("SELECT COUNT(*) FROM DueWork"), Is.Zero);
        Assert.That(elapsed.Elapsed, Is.LessThan(TimeSpan.FromMinutes(2)), "a part at each look would take two and a half");
    }

    [Test]
    public async Task ADueRow_IsNotTakenForAnother_ThatCameAfterItUnderItsNumber()
    {
        await Db.InTransaction<Done>(async work =>
        {
            await work.Schedule(CountingWork.Name, "new", work.Now);
            return new Done();
        });
        var seq = await Db.Scalar<long>("SELECT Seq FROM DueWork");
        var read = new { Seq = seq, Kind = CountingWork.Name, WorkKey = "gone", DueAt = Clock.Now(), Next = Clock.Now().AddHours(1), Error = "" };
        var touched = await Db.InTransaction<int>(async work => await work.Execute(DueWorkSql.PutOff, read) + await work.Execute(DueWorkSql.Take, read));
        Assert.That(touched.Value, Is.Zero);
    }

    [Test]
    public async Task AMessage_CarriesTheTraceOfWhoeverCausedIt_CutToWhatIsKept()
    {
        var traces = new[] { "|first.", "|second.", new string('x', 150) };
        foreach (var trace in traces)
        {
            using var activity = new Activity("test").SetIdFormat(ActivityIdFormat.Hierarchical).SetParentId(trace).Start();
            await Db.InTransaction<Done>(work =>
            {
                work.Send(new OutgoingMessage { MessageId = Clock.NewId(), Type = "urn:message:test", Body = trace, Trace = work.Trace });
                return Task.FromResult<Result<Done>>(new Done());
            });
        }
        var kept = await Db.Query<string>("SELECT Trace FROM Outbox ORDER BY Seq");
        Assert.That(kept[0], Does.StartWith("|first."));
        Assert.That(kept[1], Does.StartWith("|second."));
        Assert.That(kept[2], Has.Length.EqualTo(100));
    }

    [Test]
    public async Task ARepeatedKey_GivesTheFirstAnswer_AndAnotherRequestUnderItIsRefused()
    {
        var runs = 0;
        async Task<Result<string>> Body(UnitOfWork work)
        {
            var n = Interlocked.Increment(ref runs);
            await work.Execute(Thing.Insert, new Thing { Code = $"run{n}" }.ToParameters());
            return $"answer {n}";
        }
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Db.InTransaction<string>(Write("key", "hash"), Body)));
        Assert.That(answers.Select(a => a.Value).Distinct().Count(), Is.EqualTo(1));
        Assert.That(await Db.Scalar<long>(Thing.Count), Is.EqualTo(1));
        Assert.That((await Db.InTransaction<string>(Write("key", "other"), Body)).Rejection!.Kind, Is.EqualTo(CommonRejections.KeyReused));
        Assert.That((await Db.InTransaction<string>(Write("KEY", "other"), Body)).IsRejected, Is.False, "keys tell case apart");
        Assert.That((await Db.InTransaction<string>(Write("key", "hash") with { ActorId = "another" }, Body)).IsRejected, Is.False, "and callers");
        var refused = await Db.InTransaction<string>(Write("refused", "hash"), _ => Task.FromResult<Result<string>>(CommonRejections.LostRace.Because("A test.")));
        Assert.That(refused.IsRejected);
        Assert.That((await Db.InTransaction<string>(Write("refused", "hash"), Body)).IsRejected, Is.False, "a refusal binds nobody");
    }

    [Test]
    public async Task ADecision_IsInTheAuditTrail_AndARefusalIsNot()
    {
        await Db.InTransaction<Done>(Write(isAudited: true), _ => Task.FromResult<Result<Done>>(new Done()));
        await Db.InTransaction<Done>(Write(isAudited: true), _ => Task.FromResult<Result<Done>>(CommonRejections.LostRace.Because("A test.")));
        await Db.InTransaction<Done>(Write(isAudited: false), _ => Task.FromResult<Result<Done>>(new Done()));
        var rows = await Db.Query<AuditRow>("SELECT At, ActorId, ActorName, ActorPath, Action, Subject, Origin FROM AuditTrail");
        Assert.That(rows, Is.EqualTo(new[] { new AuditRow { At = Clock.Now(), ActorId = "member", ActorName = "Member", ActorPath = "/aurora/", Action = "Test", Subject = "/test", Origin = "::1" } }));
    }

    [Test]
    public async Task TheAuditTrail_SaysWhatADecisionChanged_AndToWhat()
    {
        var id = Guid.Parse("0199a000-0000-7000-8000-000000000001");
        await Db.InTransaction<Audited>(Write(isAudited: true), work =>
        {
            work.Audited(new Audited(id, "/aurora/north/", "Nord", ["a"]));
            return Task.FromResult<Result<Audited>>(new Audited(id, "/aurora/north/", "北", ["a"]));
        });
        await Db.InTransaction<Audited>(Write(isAudited: true), _ => Task.FromResult<Result<Audited>>(new Audited(id, "/borealis/", "Above", [])));
        await Db.InTransaction<Done>(Write(isAudited: true), work =>
        {
            work.Audited(new Audited(id, "/aurora/", "Taken out", []));
            return Task.FromResult<Result<Done>>(new Done());
        });
        var rows = await Db.Query<AuditRecord>("SELECT SubjectId, SubjectPath, BeforeJson, AfterJson FROM AuditTrail ORDER BY Seq");
        Assert.That(rows.Select(r => (r.SubjectId, r.SubjectPath, r.BeforeJson, r.AfterJson)), Is.EqualTo(new (string?, string, string?, string?)[]
        {
            ($"{id}", "/aurora/north/", """{"name":"Nord"}""", """{"name":"北"}"""),
            ($"{id}", "/aurora/", null, $$"""{"id":"{{id}}","path":"/borealis/","name":"Above","tags":[]}"""),
            ($"{id}", "/aurora/", $$"""{"id":"{{id}}","path":"/aurora/","name":"Taken out","tags":[]}""", null),
        }), "what does not belong below whoever decided is theirs; what is gone was all it was, and is nothing now");
    }

    [Test]
    public async Task Migrations_AreAppliedOnce_AndAnEditedOneIsRefused()
    {
        await Db.Migrate();
        Assert.That(await Db.Query<string>("SELECT Name FROM SchemaMigrations ORDER BY Name"), Is.EqualTo(new[] { "0000_foundation.sql", "0001_contract.sql", "0001_work_keys.sql", "0002_access.sql", "0003_audit.sql" }));
        await Db.InTransaction<Done>(async work =>
        {
            await work.Execute("UPDATE SchemaMigrations SET Hash = 'edited' WHERE Name = '0001_contract.sql'");
            return new Done();
        });
        Assert.That(async () => await Db.Migrate(), Throws.InvalidOperationException.With.Message.Contains("0001_contract.sql"));
        await Insert(new Thing { Code = "still-writable" });
    }

    [Test]
    public async Task WhenTheProcessStops_EveryWriteIsAnswered()
    {
        var db = Open(new StorageOptions { QueueLimit = 64, GroupSize = 8 });
        var writes = Enumerable.Range(0, 300).Select(i => Task.Run(async () =>
        {
            try
            {
                await db.InTransaction<Done>(async work =>
                {
                    await work.Execute(Thing.Insert, new Thing { Code = $"c{i}" }.ToParameters());
                    return new Done();
                });
                return i;
            }
            catch (Exception e) when (e is not AssertionException)
            {
                return -1;
            }
        })).ToList();
        await Task.WhenAny(writes);
        await db.DisposeAsync();
        var answered = await Task.WhenAll(writes).WaitAsync(TimeSpan.FromMinutes(2));
        var stored = (await Db.Query<string>("SELECT Code FROM Things")).ToHashSet();
        Assert.That(answered.Where(i => i >= 0 && !stored.Contains($"c{i}")), Is.Empty, "acknowledged and stored");
    }

    private Task<IReadOnlyList<OutboxRow>> Take(int limit, IEnumerable<long> inHand)
    {
        var args = new { Now = Clock.Now(), Until = Clock.Now().AddMinutes(1), Limit = limit, Ids = Sql.Json(inHand) };
        return Db.Query<OutboxRow>(Db.Dialect.TakeOutbox, args);
    }

    private async Task Send(string body) => await Db.InTransaction<Done>(work =>
    {
        work.Send(new OutgoingMessage { MessageId = Clock.NewId(), Type = "urn:message:test", Body = body });
        return Task.FromResult<Result<Done>>(new Done());
    });

    private sealed class OutboxRow
    {
        public long Seq { get; init; }

        public string Body { get; init; } = "";
    }

    private sealed record Audited(Guid Id, string Path, string Name, IReadOnlyList<string> Tags);

    private sealed record AuditRow
    {
        public DateTimeOffset At { get; init; }

        public string ActorId { get; init; } = "";

        public string ActorName { get; init; } = "";

        public string ActorPath { get; init; } = "";

        public string Action { get; init; } = "";

        public string Subject { get; init; } = "";

        public string? Origin { get; init; }
    }

    private sealed class WorkInParts(int parts) : IDueWork
    {
        internal const string Name = "in-parts";

        public string Kind => Name;

        public async Task Carry(UnitOfWork work, string key)
        {
            var done = await work.Scalar<int>(Thing.Count);
            await work.Execute(Thing.Insert, new Thing { Code = $"{key}{done}" }.ToParameters());
            if (done + 1 < parts) await work.Schedule(Kind, key, work.Now);
        }
    }

    private sealed class CountingWork : IDueWork
    {
        internal const string Name = "counting";

        public string Kind => Name;

        public async Task Carry(UnitOfWork work, string key)
        {
            await work.Execute(Thing.Insert, new Thing { Code = key }.ToParameters());
            if (key == "poison") throw new InvalidDataException("Poison.");
        }
    }
}

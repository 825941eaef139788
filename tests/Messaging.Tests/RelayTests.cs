using System.Collections.Concurrent;

namespace LiveCommerce.Messaging.Tests;

/// <summary>The relay against deliveries that fail, hang and come back.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class RelayTests
{
    [Test]
    public async Task ATransportThatIsDown_CostsRowsTimeButNoFailures()
    {
        await using var bench = await RelayBench.In(Told.NewFolder(), options: new BusOptions { FailuresBeforeSetAside = 3 });
        var isDown = true;
        bench.IsOwn = e => e is not IOException;
        bench.OnDelivery = (_, _) => Volatile.Read(ref isDown) ? throw new IOException("The broker is down.") : Task.CompletedTask;
        await bench.Db.Publish(Enumerable.Range(0, 20).Select(_ => (object)Told.Unit(Told.NewId())).ToArray());
        await bench.Start();
        for (var i = 0; i < 4; i++)
        {
            await Told.UntilInTime(bench.Clock, TimeSpan.FromSeconds(2), async () => await bench.Db.Scalar<long>("SELECT COUNT(*) FROM Outbox WHERE LastError IS NOT NULL") == 20, "a try");
        }
        Assert.That(await bench.Db.Scalar<long>("SELECT COUNT(*) FROM Outbox WHERE Failures > 0 OR SetAsideAt IS NOT NULL"), Is.Zero);
        Volatile.Write(ref isDown, false);
        await Told.UntilInTime(bench.Clock, TimeSpan.FromSeconds(1), async () => await bench.Db.InOutbox() == 0, "the sending");
        Assert.That(bench.Delivered, Is.EqualTo(20));
    }

    [Test]
    public async Task ARowThatHangs_HoldsUpNoOther()
    {
        await using var bench = await RelayBench.In(Told.NewFolder(), options: new BusOptions { RelayBatch = 16, DeliveryTimeout = TimeSpan.FromMinutes(5) });
        var first = 0;
        bench.OnDelivery = (_, ct) => Interlocked.Increment(ref first) <= 3 ? Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct) : Task.CompletedTask;
        await bench.Start();
        await bench.Db.Publish(Enumerable.Range(0, 500).Select(_ => (object)Told.Unit(Told.NewId())).ToArray());
        await Told.Until(async () => await bench.Db.InOutbox() == 3, "all but the three that hang");
        // The end of the process breaks them off; they stay for the next one.
        await bench.Stop();
        Assert.That(await bench.Db.InOutbox(), Is.EqualTo(3));
    }

    [Test]
    public async Task ADeliveryThatTakesTooLong_IsBrokenOff_AndTriedAgain()
    {
        await using var bench = await RelayBench.In(Told.NewFolder(), options: new BusOptions { DeliveryTimeout = TimeSpan.FromMilliseconds(100) });
        var tries = 0;
        bench.IsOwn = e => e is not OperationCanceledException;
        bench.OnDelivery = (_, ct) => Interlocked.Increment(ref tries) == 1 ? Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct) : Task.CompletedTask;
        await bench.Start();
        await bench.Db.Publish(Told.Unit(Told.NewId()));
        await Told.UntilInTime(bench.Clock, TimeSpan.FromMilliseconds(200), async () => await bench.Db.InOutbox() == 0, "the second try");
        Assert.That(tries, Is.EqualTo(2));
    }

    [Test]
    public async Task EveryRowIsSentOnce_WhileWritersKeepWriting()
    {
        await using var bench = await RelayBench.In(Told.NewFolder(), options: new BusOptions { RelayBatch = 32 });
        var seen = new ConcurrentDictionary<Guid, int>();
        bench.OnDelivery = async (message, _) =>
        {
            await Task.Yield();
            seen.AddOrUpdate(message.MessageId, 1, (_, n) => n + 1);
        };
        await bench.Start();
        await Task.WhenAll(Enumerable.Range(0, 2000).Select(_ => bench.Db.Publish(Told.Unit(Told.NewId()))));
        await Told.Until(async () => await bench.Db.InOutbox() == 0, "an empty outbox");
        Assert.That(seen, Has.Count.EqualTo(2000));
        Assert.That(seen.Values, Is.All.EqualTo(1));
    }

    [Test]
    public async Task ARowPutOff_IsNotSentBeforeItsTime()
    {
        await using var bench = await RelayBench.In(Told.NewFolder());
        await bench.Start();
        await bench.Db.InTransaction<Kernel.Done>(work =>
        {
            work.PutOff(Told.Unit(Told.NewId()), Told.NewId(), "listener-on-unit-changed", 1, TimeSpan.FromMinutes(1));
            return Task.FromResult<Kernel.Result<Kernel.Done>>(new Kernel.Done());
        });
        bench.Clock.Advance(TimeSpan.FromSeconds(59));
        // The relay has looked when a later row has gone.
        await bench.Db.Publish(Told.Unit(Told.NewId()));
        await Told.Until(() => Task.FromResult(bench.Delivered == 1), "the later row");
        Assert.That(await bench.Db.Scalar<long>("SELECT COUNT(*) FROM Outbox WHERE Redelivery = 1"), Is.EqualTo(1));
        bench.Clock.Advance(TimeSpan.FromSeconds(1));
        await Told.Until(async () => await bench.Db.InOutbox() == 0, "its time");
        Assert.That(bench.Delivered, Is.EqualTo(2));
    }
}

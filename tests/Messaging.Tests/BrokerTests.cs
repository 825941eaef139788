using LiveCommerce.Hosting;
using LiveCommerce.Support;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace LiveCommerce.Messaging.Tests;

/// <summary>Two hosts with nothing between them but a real broker.</summary>
internal sealed class BrokerTests
{
    private const string Queue = "listener-on-unit-changed";

    [Test]
    public async Task WhatOneHostPublishes_TheOtherHears_Once()
    {
        await using var pair = await Pair.Start(TestBroker.Address);
        var units = Enumerable.Range(0, 500).Select(_ => Told.NewId()).ToList();
        await Task.WhenAll(units.Select(u => pair.Publisher.Publish(Told.Unit(u))));
        await pair.AllHeard(units);
        Assert.That(await pair.Publisher.InOutbox(), Is.Zero);
    }

    [Test]
    public async Task AReactionsQueue_IsAQuorumQueue()
    {
        await using var pair = await Pair.Start(TestBroker.Address);
        await using var connection = await new ConnectionFactory { Uri = TestBroker.Address }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeclareAsync(Queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" });
        var refused = Assert.ThrowsAsync<OperationInterruptedException>(
            () => channel.QueueDeclareAsync(Queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "classic" }));
        Assert.That(refused!.ShutdownReason!.ReplyText, Does.Contain("PRECONDITION_FAILED"));
    }

    [Test]
    public async Task AReactionThatFails_GetsTheMessageAgainFromItsOutbox_WhenItIsTime()
    {
        var faults = new Faults { Before = (_, attempt) => { if (attempt <= 2) throw new InvalidDataException("Not yet."); } };
        await using var pair = await Pair.Start(TestBroker.Address, faults);
        var unit = Told.NewId();
        await pair.Publisher.Publish(Told.Unit(unit));
        await Told.Until(() => Task.FromResult(faults.AttemptsOf(unit) > 0), "the first attempt");
        await Told.UntilInTime(pair.Clock, TimeSpan.FromSeconds(1), async () => await pair.Listener.EffectsOf(unit) == 1, "the third attempt");
        Assert.That(faults.AttemptsOf(unit), Is.EqualTo(3));
    }

    [Test]
    public async Task AMessageThatFailsToTheEnd_IsADeadLetter_ThatAnOperatorInspectsAndSendsAgain()
    {
        var unit = Told.NewId();
        var isMended = false;
        var faults = new Faults { Before = (id, _) => { if (id == unit && !Volatile.Read(ref isMended)) throw new InvalidDataException("Poison."); } };
        await using var pair = await Pair.Start(TestBroker.Address, faults, "Bus:Redeliveries:0=00:00:01", "Bus:Retries:0=00:00:00.010");
        await pair.Publisher.Publish(Told.Unit(unit));
        var healthy = Told.NewId();
        await pair.Publisher.Publish(Told.Unit(healthy));
        await pair.AllHeard([healthy]);

        var op = pair.Listener.At("/", Role.Operator);
        await Told.UntilInTime(pair.Clock, TimeSpan.FromSeconds(1), async () => (await op.Get("/listener/operations/dead-letters")).Content.Contains(unit.ToString()), "the dead letter");
        var letters = (await op.Get("/listener/operations/dead-letters")).Json["items"]!.AsArray();
        var letter = letters.Single(l => ((string)l!["body"]!).Contains(unit.ToString()))!;
        Assert.That((string?)letter["queue"], Is.EqualTo(Queue));
        Assert.That((string?)letter["error"], Does.Contain("Poison"));
        Assert.That((string?)letter["type"], Does.Contain("unit-changed"));
        Assert.That((await pair.Publisher.At("/", Role.Operator).Get("/publisher/operations/dead-letters")).Json["items"]!.AsArray(), Is.Empty, "another service's");

        Volatile.Write(ref isMended, true);
        var resent = await op.Post($"/listener/operations/dead-letters/resend?queue={Queue}");
        Assert.That(resent.Status, Is.EqualTo(202), resent.Content);
        Assert.That((int)resent.Json["resent"]!, Is.EqualTo(letters.Count));
        await pair.AllHeard([unit]);
        Assert.That((await op.Get("/listener/operations/dead-letters")).Json["items"]!.AsArray(), Is.Empty);
        Assert.That((await op.Post("/listener/operations/dead-letters/resend?queue=coupons-on-unit-changed")).Code, Is.EqualTo("queue.not_found"));
        Assert.That((await pair.Listener.At("/aurora/", Role.Admin).Get("/listener/operations/dead-letters")).Status, Is.EqualTo(403));
    }

    [Test]
    public async Task ABusStartedAnewInTheMiddle_SendsAndHearsEverything()
    {
        await using var pair = await Pair.Start(TestBroker.Address);
        var units = Enumerable.Range(0, 300).Select(_ => Told.NewId()).ToList();
        foreach (var part in units.Chunk(100))
        {
            await Task.WhenAll(part.Select(u => pair.Publisher.Publish(Told.Unit(u))));
            foreach (var host in (TestHost[])[pair.Publisher, pair.Listener]) await host.Services.GetRequiredService<BrokerWatch>().StartBusAnew(CancellationToken.None);
        }
        await pair.AllHeard(units);
        Assert.That(await pair.SetAside(), Is.Zero);
    }

    [Test]
    public async Task ABrokerKilledInTheMiddle_LosesNothing_AndDoublesNothing()
    {
        await using var broker = await OwnBroker.Start();
        await using var pair = await Pair.Start(broker.Address);
        var units = Enumerable.Range(0, 900).Select(_ => Told.NewId()).ToList();
        var publishing = Task.Run(async () =>
        {
            // Under way before, during and after both falls.
            foreach (var unit in units)
            {
                await pair.Publisher.Publish(Told.Unit(unit));
                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
            }
        });
        for (var fall = 0; fall < 2; fall++)
        {
            var heard = await pair.Heard();
            // The clock has to run: what was under way during a fall is put off, and a slow broker comes back when nothing else is left.
            await Told.UntilInTime(pair.Clock, TimeSpan.FromMilliseconds(100), async () => await pair.Heard() >= Math.Min(heard + 20, units.Count), "messages before the fall", pair.Seen);
            await broker.Kill();
            await broker.StartAgain();
        }
        await publishing;
        await pair.AllHeard(units, async () => await broker.Control("-q", "list_queues", "name", "state", "messages_ready", "messages_unacknowledged", "consumers"));
        await Told.UntilInTime(pair.Clock, TimeSpan.FromSeconds(1), async () => await pair.Publisher.InOutbox() == 0, "an empty outbox");
        Assert.That(await pair.SetAside(), Is.Zero, "a fall is no fault of a message");
        Assert.That(await pair.Heard(), Is.EqualTo(units.Count));
    }
}

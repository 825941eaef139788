using LiveCommerce.Contracts.Coupons;
using LiveCommerce.Data;
using LiveCommerce.Kernel;
using LiveCommerce.Support;
using Microsoft.Extensions.DependencyInjection;

namespace LiveCommerce.Messaging.Tests;

/// <summary>In one process, over the mediator: a crash or a failure at every step from commit to effect.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class OutboxTests
{
    [TestCase(true)]
    [TestCase(false)]
    public async Task ABodyThatThrows_BeforeOrAfterItPublishes_LeavesNoMessage(bool afterPublish)
    {
        await using var host = await TestHost.Start(new PublisherModule(), new ListenerModule());
        var unit = Told.NewId();
        Assert.ThrowsAsync<InvalidDataException>(() => host.Services.GetRequiredService<PublisherDb>().InTransaction<Done>(work =>
        {
            if (afterPublish) work.Publish(Told.Unit(unit));
            throw new InvalidDataException();
        }));
        await host.Publish(Told.Unit(Told.NewId()));
        await host.Settle();
        Assert.That(await host.EffectsOf(unit), Is.Zero);
    }

    [Test]
    public async Task ABodyThatRefuses_LeavesNoMessage()
    {
        await using var host = await TestHost.Start(new PublisherModule(), new ListenerModule());
        var unit = Told.NewId();
        var refused = await host.Services.GetRequiredService<PublisherDb>().InTransaction<Done>(work =>
        {
            work.Publish(Told.Unit(unit));
            return Task.FromResult<Result<Done>>(CommonRejections.LostRace.Because("A test."));
        });
        Assert.That(refused.IsRejected);
        await host.Settle();
        Assert.That(await host.EffectsOf(unit), Is.Zero);
    }

    [Test]
    public async Task WhatWasCommittedBeforeTheProcessDied_IsDeliveredAfterItsNextStart()
    {
        var clock = new ManualClock();
        var folder = Told.NewFolder();
        var units = Enumerable.Range(0, 300).Select(_ => Told.NewId()).ToList();
        await using (var db = Told.PublisherIn(folder, clock))
        {
            await db.Migrate();
            await Task.WhenAll(units.Select(u => db.Publish(Told.Unit(u))));
            Assert.That(await db.InOutbox(), Is.EqualTo(units.Count));
        }
        await using var host = await TestHost.StartIn(folder, clock, new PublisherModule(), new ListenerModule());
        await host.Settle();
        foreach (var unit in units) Assert.That(await host.EffectsOf(unit), Is.EqualTo(1));
    }

    [Test]
    public async Task WhatWasDeliveredBeforeTheProcessDied_ButNotDeleted_IsDeliveredAgain_AndChangesNothing()
    {
        await using var listener = await TestHost.Start(new ListenerModule());
        var mediator = new EmbeddedDelivery(listener.Services.GetRequiredService<MassTransit.Mediator.IMediator>());
        var folder = Told.NewFolder();
        var unit = Told.NewId();

        await using (var dying = await RelayBench.In(folder, mediator))
        {
            // The process ends between the reaction's commit and the deletion of the row.
            dying.AfterDelivery = async _ => await dying.Db.DisposeAsync();
            await dying.Db.Publish(Told.Unit(unit));
            await dying.Start();
            await Told.Until(() => Task.FromResult(dying.Delivered == 1), "the delivery");
        }
        Assert.That(await listener.EffectsOf(unit), Is.EqualTo(1));

        await using var next = await RelayBench.In(folder, mediator);
        Assert.That(await next.Db.InOutbox(), Is.EqualTo(1), "the row outlived the process");
        await next.Start();
        await Told.Until(async () => await next.Db.InOutbox() == 0, "the deletion");
        Assert.That(next.Delivered, Is.EqualTo(1));
        Assert.That(await listener.EffectsOf(unit), Is.EqualTo(1), "the inbox knew it");
        Directory.Delete(folder, recursive: true);
    }

    [Test]
    public async Task AReactionThatFails_IsTriedAgain_AndItsEffectHappensOnce()
    {
        var faults = new Faults { Before = (_, attempt) => { if (attempt <= 3) throw new InvalidDataException("Not yet."); } };
        await using var host = await TestHost.Start(new PublisherModule(), new ListenerModule(faults));
        var unit = Told.NewId();
        await host.Publish(Told.Unit(unit));
        await Told.UntilInTime(host.Clock, TimeSpan.FromSeconds(1), async () => await host.InOutbox() == 0, "the fourth attempt");
        Assert.That(faults.AttemptsOf(unit), Is.EqualTo(4));
        Assert.That(await host.EffectsOf(unit), Is.EqualTo(1));
    }

    [Test]
    public async Task APoisonMessage_IsSetAside_HoldsNothingUp_AndCanBeSentAgain()
    {
        var poison = Told.NewId();
        var isMended = false;
        var faults = new Faults { Before = (unit, _) => { if (unit == poison && !Volatile.Read(ref isMended)) throw new InvalidDataException("Poison."); } };
        await using var host = await TestHost.Start(new PublisherModule(), new ListenerModule(faults));
        var units = Enumerable.Range(0, 50).Select(_ => Told.NewId()).ToList();
        await host.Publish([Told.Unit(poison), .. units.Select(u => Told.Unit(u))]);
        await Told.Until(async () => await host.InOutbox() == 1, "the others");
        foreach (var unit in units) Assert.That(await host.EffectsOf(unit), Is.EqualTo(1));

        var op = host.At("/", Hosting.Role.Operator);
        await Told.UntilInTime(host.Clock, TimeSpan.FromMinutes(1),
            async () => (await op.Get("/publisher/operations/set-aside")).Json["items"]!.AsArray().Count == 1, "the setting aside");
        var row = (await op.Get("/publisher/operations/set-aside")).Json["items"]![0]!;
        Assert.That((int)row["failures"]!, Is.EqualTo(10));
        Assert.That((string)row["lastError"]!, Does.Contain("Poison"));
        Assert.That((string)row["body"]!, Does.Contain(poison.ToString()));
        Assert.That(await host.EffectsOf(poison), Is.Zero);

        Volatile.Write(ref isMended, true);
        Assert.That((await op.Post($"/publisher/operations/set-aside/{row["seq"]}/resend")).Status, Is.EqualTo(202));
        await host.Settle();
        Assert.That(await host.EffectsOf(poison), Is.EqualTo(1));
        Assert.That((await op.Post($"/publisher/operations/set-aside/{row["seq"]}/resend")).Code, Is.EqualTo("message.not_found"));
        Assert.That((await host.At("/aurora/", Hosting.Role.Admin).Get("/publisher/operations/set-aside")).Status, Is.EqualTo(403));
    }

    [Test]
    public async Task ADatabaseThatIsNotToBeHad_IsNoFaultOfTheMessage()
    {
        await using var host = await TestHost.Start(new PublisherModule(), new ListenerModule(new Faults
        {
            Before = (_, attempt) =>
            {
                if (attempt <= 3) throw new DatabaseUnavailableException("listener", new IOException("Gone."));
            },
        }));
        var unit = Told.NewId();
        var failed = false;
        await host.Publish(Told.Unit(unit));
        await Told.UntilInTime(host.Clock, TimeSpan.FromSeconds(1), async () =>
        {
            failed |= await host.Services.GetRequiredService<PublisherDb>().Scalar<long>("SELECT COUNT(*) FROM Outbox WHERE Failures > 0") > 0;
            return await host.InOutbox() == 0;
        }, "the fourth try");
        Assert.That(failed, Is.False);
        Assert.That(await host.EffectsOf(unit), Is.EqualTo(1));
    }

    [Test]
    public async Task EverythingSetAside_CanBeSentAgainAtOnce()
    {
        await using var host = await TestHost.Start(new PublisherModule(), new ListenerModule());
        var units = Enumerable.Range(0, 3).Select(_ => Told.NewId()).ToList();
        var db = host.Services.GetRequiredService<PublisherDb>();
        await db.InTransaction<Done>(async work =>
        {
            foreach (var unit in units)
            {
                await work.Execute(
                    "INSERT INTO Outbox (MessageId, Type, Body, Redelivery, CreatedAt, DeliverAfter, Failures, SetAsideAt) VALUES (@Id, @Type, @Body, 0, @Now, @Now, 10, @Now)",
                    new { Id = Told.NewId(), Type = MessageCatalogue.UrnOf(typeof(Contracts.Organization.UnitChanged)), Body = System.Text.Json.JsonSerializer.Serialize(Told.Unit(unit), MessageCatalogue.Json), work.Now });
            }
            return new Done();
        });
        var answer = await host.At("/", Hosting.Role.Operator).Post("/publisher/operations/set-aside/resend");
        Assert.That((answer.Status, (int)answer.Json["resent"]!), Is.EqualTo((202, 3)), answer.Content);
        await host.Settle();
        foreach (var unit in units) Assert.That(await host.EffectsOf(unit), Is.EqualTo(1));
    }

    [Test]
    public async Task AMessageOfAnUnknownType_IsSetAside_AndHoldsNothingUp()
    {
        await using var host = await TestHost.Start(new PublisherModule(), new ListenerModule());
        var db = host.Services.GetRequiredService<PublisherDb>();
        await db.InTransaction<Done>(work =>
        {
            work.Send(new Data.OutgoingMessage { MessageId = Told.NewId(), Type = "urn:message:live-commerce:of-tomorrow", Body = "{}" });
            work.Send(new Data.OutgoingMessage { MessageId = Told.NewId(), Type = MessageCatalogue.UrnOf(typeof(Contracts.Organization.UnitChanged)), Body = "not json" });
            return Task.FromResult<Result<Done>>(new Done());
        });
        var unit = Told.NewId();
        await host.Publish(Told.Unit(unit));
        await Told.UntilInTime(host.Clock, TimeSpan.FromMinutes(1),
            async () => await db.Scalar<long>("SELECT COUNT(*) FROM Outbox WHERE SetAsideAt IS NOT NULL") == 2, "the setting aside");
        Assert.That(await host.EffectsOf(unit), Is.EqualTo(1));
    }

    [Test]
    public async Task RepeatedAndReorderedMessages_EndInTheNewestState()
    {
        await using var host = await TestHost.Start(new ListenerModule());
        var unit = Told.NewId();
        var third = Told.NewId();
        await host.Deliver(Told.Unit(unit, 3, "Third"), third);
        await host.Deliver(Told.Unit(unit, 1, "First"));
        await host.Deliver(Told.Unit(unit, 2, "Second"));
        await host.Deliver(Told.Unit(unit, 3, "Third"), third);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => host.Deliver(Told.Unit(unit, 3, "Third"), third)));
        Assert.That(await host.NameOf(unit), Is.EqualTo("Third"));
        Assert.That(await host.EffectsOf(unit), Is.EqualTo(3), "three different messages, however often they came");
    }

    [Test]
    public async Task WhatCommitsTogether_TravelsInOneEvent_AndNothingIsLeftOut()
    {
        var folder = Told.NewFolder();
        await using var db = Told.PublisherIn(folder, new ManualClock());
        await db.Migrate();
        // While one commits the others gather, however slow whoever asks is.
        var gathered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = db.InTransaction<Done>(async _ =>
        {
            await gathered.Task;
            return new Done();
        });
        var others = Enumerable.Range(0, 500).Select(i => db.InTransaction<Done>(work =>
        {
            work.PublishTogether(Claim(i), claims => new CouponsClaimed(claims));
            return Task.FromResult<Result<Done>>(new Done());
        })).ToList();
        gathered.SetResult();
        await Task.WhenAll([first, .. others]);
        var bodies = await db.Query<string>("SELECT Body FROM Outbox");
        var claims = bodies.SelectMany(b => System.Text.Json.JsonSerializer.Deserialize<CouponsClaimed>(b, MessageCatalogue.Json)!.Claims).ToList();
        Assert.That(claims.Select(c => c.CustomerId), Is.EquivalentTo(Enumerable.Range(0, 500).Select(i => $"customer-{i}")));
        Assert.That(bodies, Has.Count.LessThan(10), "one event a commit, not one a claim");
    }

    [Test]
    public async Task AnItemThatCannotBeSent_FailsAlone_AndItsNeighboursCommit()
    {
        var folder = Told.NewFolder();
        await using var db = Told.PublisherIn(folder, new ManualClock());
        await db.Migrate();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 100).Select(async i =>
        {
            try
            {
                await db.InTransaction<Done>(work =>
                {
                    work.PublishTogether(Claim(i), claims => claims.Any(c => c.CustomerId == "customer-50") ? throw new InvalidDataException() : new CouponsClaimed(claims));
                    return Task.FromResult<Result<Done>>(new Done());
                });
                return true;
            }
            catch (InvalidDataException)
            {
                return false;
            }
        }));
        Assert.That(outcomes.Count(o => o), Is.EqualTo(99));
        Assert.That(outcomes[50], Is.False);
    }

    private static ClaimedCoupon Claim(int i) => new()
    {
        CouponId = Told.NewId(),
        Origin = CouponOrigin.Claim,
        CampaignId = Guid.Empty,
        UnitPath = "/aurora/",
        CustomerId = $"customer-{i}",
        ClaimedAt = ManualClock.Start,
    };
}

using LiveCommerce.Data;
using LiveCommerce.Kernel;
using LiveCommerce.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace LiveCommerce.Messaging.Tests;

internal sealed class HousekeepingTests
{
    [Test]
    public async Task WhatOnlyRecognisesRepetitions_GoesWithAge_InChunks_AndNothingYoungerDoes()
    {
        var clock = new ManualClock();
        var folder = Told.NewFolder();
        await using var db = Told.PublisherIn(folder, clock);
        await db.Migrate();
        using var housekeeping = new Housekeeping(db, clock, NullLogger.Instance);
        await Receive(db, 1234);
        await Remember(db, clock, 1100);
        clock.Advance(TimeSpan.FromDays(7) + TimeSpan.FromSeconds(1));
        Assert.That(await housekeeping.TidyUp(CancellationToken.None), Is.EqualTo(1100), "the answers, not yet the inbox");
        await Receive(db, 10);
        await Remember(db, clock, 10);
        clock.Advance(TimeSpan.FromDays(7) - TimeSpan.FromSeconds(1));
        Assert.That(await housekeeping.TidyUp(CancellationToken.None), Is.Zero, "not before they are 14 days old");
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That(await housekeeping.TidyUp(CancellationToken.None), Is.EqualTo(1234));
        Assert.That(await db.Scalar<long>("SELECT COUNT(*) FROM Inbox"), Is.EqualTo(10));
        Assert.That(await db.Scalar<long>("SELECT COUNT(*) FROM IdempotencyKeys"), Is.EqualTo(10));
        Directory.Delete(folder, recursive: true);
    }

    private static Task Receive(ServiceDb db, int messages) => db.InTransaction<Done>(async work =>
    {
        for (var i = 0; i < messages; i++) await work.Accept("OnTest", Told.NewId());
        return new Done();
    });

    private static Task Remember(ServiceDb db, TimeProvider clock, int answers) => Task.WhenAll(Enumerable.Range(0, answers).Select(_ => db.InTransaction<Done>(
        new WriteContext { ActorId = "member", ActorName = "Member", ActorPath = "/aurora/", Action = "Test", Subject = "/test", IsAudited = false, IdempotencyKey = clock.NewId().ToString(), RequestHash = "hash" },
        _ => Task.FromResult<Result<Done>>(new Done()))));
}

using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Support;
using Microsoft.Extensions.DependencyInjection;

namespace LiveCommerce.Organization.Tests;

internal sealed class OverloadTests
{
    [Test]
    public async Task WhenTheQueueIsFull_ARequestIsToldWhenToComeAgain_AndIsCounted()
    {
        await using var host = await TestHost.StartIn(
            Directory.CreateTempSubdirectory("live-commerce-").FullName, new ManualClock(), ["Storage:QueueLimit=1", "Storage:GroupSize=1"], new OrganizationModule());
        var counted = new ConcurrentBag<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == "LiveCommerce.Services") l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => counted.Add((string)tags[0].Value!));
        listener.Start();
        var db = host.Services.GetRequiredService<OrganizationDb>();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = db.InTransaction<Done>(async _ =>
        {
            running.SetResult();
            await gate.Task;
            return new Done();
        });
        await running.Task;
        var second = db.InTransaction<Done>(_ => Task.FromResult<Result<Done>>(new Done()));
        var client = host.At("/aurora/", Role.Admin);
        var refused = await client.Post("/organization/brands", new { code = "women", name = "Women", grade = "A" });
        gate.SetResult();
        await Task.WhenAll(first, second);
        Assert.That((refused.Status, refused.Code, refused.RetryAfter), Is.EqualTo((503, "server.overloaded", TimeSpan.FromSeconds(1))), refused.Content);
        Assert.That(counted, Does.Contain("server.overloaded"));
        Assert.That((await client.Post("/organization/brands", new { code = "women", name = "Women", grade = "A" })).Code, Is.Not.EqualTo("server.overloaded"));
    }
}

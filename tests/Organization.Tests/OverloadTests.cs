using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Text.Json.Nodes;
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

    [Test]
    public async Task AFullServer_TurnsAwayAtTheDoor_AndStillSaysItIsWell()
    {
        await using var host = await TestHost.StartIn(
            Directory.CreateTempSubdirectory("live-commerce-").FullName, new ManualClock(), ["Http:MostInFlight=1"], new OrganizationModule());
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var holding = host.Services.GetRequiredService<OrganizationDb>().InTransaction<Done>(async _ =>
        {
            await gate.Task;
            return new Done();
        });
        var admin = host.At("/aurora/", Role.Admin);
        Task<Answer> Enter() => admin.Post("/organization/brands", new { code = "women", name = "Women", grade = "A" });
        var inside = Enter();
        var outside = host.Anonymous();
        Task<HttpResponseMessage> Knock() => outside.PostAsync("/organization/brands", new StringContent("not even JSON"));
        try
        {
            // Whichever is at the door first: until the one that stays is inside.
            var refused = await Knock();
            while (refused.StatusCode != HttpStatusCode.ServiceUnavailable)
            {
                refused.Dispose();
                if (inside.IsCompleted) inside = Enter();
                refused = await Knock();
            }
            using (refused)
            {
                Assert.That((int)refused.StatusCode, Is.EqualTo(503));
                Assert.That(refused.Headers.RetryAfter?.Delta, Is.EqualTo(TimeSpan.FromSeconds(1)));
                Assert.That(refused.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/problem+json"));
                var problem = JsonNode.Parse(await refused.Content.ReadAsStringAsync())!;
                Assert.That(((string?)problem["code"], (int?)problem["status"], (string?)problem["type"]), Is.EqualTo(("server.overloaded", 503, "urn:live-commerce:problem:server.overloaded")));
            }
            Assert.That((await outside.Get("/health/live")).Status, Is.EqualTo(200));
            Assert.That((await outside.Get("/health/ready")).Status, Is.EqualTo(200));
        }
        finally
        {
            gate.SetResult();
        }
        await holding;
        await inside;
        // Answered a moment before it has left.
        int status;
        while ((status = (await outside.Post("/organization/brands")).Status) == 503) { }
        Assert.That(status, Is.EqualTo(401), "there is room again");
    }
}

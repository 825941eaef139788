using System.Diagnostics;
using LiveCommerce.Contracts.Organization;
using LiveCommerce.Data;
using LiveCommerce.Kernel;
using LiveCommerce.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace LiveCommerce.Messaging.Tests;

/// <summary>What these tests say to the services, and ask of them, in short.</summary>
internal static class Told
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    internal static UnitChanged Unit(Guid id, long version = 1, string name = "North") => new()
    {
        UnitId = id,
        Version = version,
        Path = "/aurora/north/",
        Name = name,
        Kind = UnitKind.Region,
        TimeZone = "Asia/Shanghai",
        Currency = "CNY",
        IsActive = true,
    };

    internal static Guid NewId() => TimeProvider.System.NewId();

    internal static string NewFolder() => Directory.CreateTempSubdirectory("live-commerce-").FullName;

    /// <summary>The publisher's database without its process: what is committed here, no relay sees.</summary>
    internal static PublisherDb PublisherIn(string folder, TimeProvider clock) =>
        new(new ServiceDbSetup(new StorageOptions { Folder = folder }, clock, NullLoggerFactory.Instance));

    internal static Task Publish(this TestHost host, params object[] events) => host.Services.GetRequiredService<PublisherDb>().Publish(events);

    internal static async Task Publish(this PublisherDb db, params object[] events) => await db.InTransaction<Done>(work =>
    {
        foreach (var e in events) work.Publish(e);
        return Task.FromResult<Result<Done>>(new Done());
    });

    internal static async Task<long> EffectsOf(this TestHost host, Guid subject) =>
        await host.Services.GetRequiredService<ListenerDb>().Scalar<long>("SELECT COUNT(*) FROM Effects WHERE Subject = @subject", new { subject });

    internal static async Task<string?> NameOf(this TestHost host, Guid unit) =>
        await host.Services.GetRequiredService<ListenerDb>().Scalar<string>("SELECT Name FROM Units WHERE Id = @unit", new { unit });

    internal static Task<long> InOutbox(this TestHost host) => host.Services.GetRequiredService<PublisherDb>().InOutbox();

    internal static async Task<long> InOutbox(this ServiceDb db) => await db.Scalar<long>("SELECT COUNT(*) FROM Outbox");

    /// <summary>Waits, in real time, for what the machinery does in its own time, even on a machine that is ten times slower or busy.</summary>
    internal static async Task Until(Func<Task<bool>> holds, string what, Func<Task<string>>? seen = null)
    {
        var limit = Stopwatch.StartNew();
        while (!await holds())
        {
            if (limit.Elapsed > Patience) throw new TimeoutException($"Not within {Patience}: {what}.{(seen is null ? "" : "\n" + await seen())}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    /// <summary>Lets the clock run, a step at a time, until it holds: waits are measured by the clock, the relay looks in real time.</summary>
    internal static Task UntilInTime(ManualClock clock, TimeSpan step, Func<Task<bool>> holds, string what, Func<Task<string>>? seen = null) => Until(async () =>
    {
        clock.Advance(step);
        return await holds();
    }, what, seen);
}

using LiveCommerce.Data;
using LiveCommerce.Kernel;
using LiveCommerce.Support;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace LiveCommerce.Messaging.Tests;

/// <summary>A publisher and a listener, each a host of its own with a folder of its own, on one clock.</summary>
internal sealed class Pair : IAsyncDisposable
{
    private Pair(ManualClock clock, TestHost publisher, TestHost listener) => (Clock, Publisher, Listener) = (clock, publisher, listener);

    public ManualClock Clock { get; }

    public TestHost Publisher { get; }

    public TestHost Listener { get; }

    private ListenerDb Heards => Listener.Services.GetRequiredService<ListenerDb>();

    public static async Task<Pair> Start(Uri broker, Faults? faults = null, params string[] settings)
    {
        var clock = new ManualClock();
        // Whoever listens comes first: before its queue stands, nobody keeps anything for it.
        var listener = await TestHost.StartIn(Told.NewFolder(), clock, TestBroker.Settings(broker, settings), new ListenerModule(faults));
        var publisher = await TestHost.StartIn(Told.NewFolder(), clock, TestBroker.Settings(broker, settings), new PublisherModule());
        return new Pair(clock, publisher, listener);
    }

    public async Task<long> Heard() => await Heards.Scalar<long>("SELECT COUNT(*) FROM Effects");

    public async Task<long> SetAside() => await Publisher.Services.GetRequiredService<PublisherDb>().Scalar<long>("SELECT COUNT(*) FROM Outbox WHERE Failures > 0");

    /// <summary>Waits until each was heard, and finds none heard twice.</summary>
    public async Task AllHeard(IReadOnlyList<Guid> units, Func<Task<string>>? more = null)
    {
        var wanted = units.Select(u => u.ToString()).ToHashSet();
        async Task<int> Missing() => wanted.Count - (await Heards.Query<string>("SELECT DISTINCT Subject FROM Effects")).Count(wanted.Contains);
        await Told.UntilInTime(Clock, TimeSpan.FromMilliseconds(500), async () => await Missing() == 0, "all heard",
            async () => $"{await Missing()} of {wanted.Count} are missing.\n{await Seen()}{(more is null ? "" : "\n" + await more())}");
        Assert.That((await Heards.Query<string>("SELECT Subject FROM Effects GROUP BY Subject HAVING COUNT(*) > 1")).Where(wanted.Contains), Is.Empty, "heard twice");
    }

    /// <summary>Where the messages are and who listens, for whoever reads a failure.</summary>
    public async Task<string> Seen() => $"""
        heard: {await Heard()}
        publisher's outbox: {await Waiting(Publisher.Services.GetRequiredService<PublisherDb>())}
        listener's outbox: {await Waiting(Heards)}
        publisher's bus: {Health(Publisher)}
        listener's bus: {Health(Listener)}
        """;

    private async Task<string> Waiting(ServiceDb db)
    {
        var rows = await db.Query<OutboxState>(
            "SELECT COUNT(*) AS Messages, Failures, Redelivery, LastError, MAX(DeliverAfter) AS DeliverAfter, MAX(SetAsideAt) AS SetAsideAt FROM Outbox GROUP BY Failures, Redelivery, LastError");
        return rows.Count == 0 ? "empty" : string.Join("; ", rows.Select(r =>
            $"{r.Messages} messages, failures {r.Failures}, redelivery {r.Redelivery}, due in {(r.DeliverAfter - Clock.Now()).TotalSeconds:F1} s, {(r.SetAsideAt is null ? "not set aside" : "set aside")}, last error: {r.LastError ?? "none"}"));
    }

    private static string Health(TestHost host)
    {
        var health = host.Services.GetRequiredService<IBusControl>().CheckHealth();
        return $"{health.Status}: {string.Join(", ", health.Endpoints.Select(e => $"{e.Key} {e.Value.Description}"))}";
    }

    public async ValueTask DisposeAsync()
    {
        await Publisher.DisposeAsync();
        await Listener.DisposeAsync();
    }

    private sealed class OutboxState
    {
        public long Messages { get; init; }

        public int Failures { get; init; }

        public int Redelivery { get; init; }

        public string? LastError { get; init; }

        public DateTimeOffset DeliverAfter { get; init; }

        public DateTimeOffset? SetAsideAt { get; init; }
    }
}

using LiveCommerce.Support;
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
    public async Task AllHeard(IReadOnlyList<Guid> units, int seconds = 30)
    {
        var wanted = units.Select(u => u.ToString()).ToHashSet();
        async Task<int> Missing() => wanted.Count - (await Heards.Query<string>("SELECT DISTINCT Subject FROM Effects")).Count(wanted.Contains);
        await Told.UntilInTime(Clock, TimeSpan.FromMilliseconds(500), async () => await Missing() == 0, "all heard", seconds);
        Assert.That(await Heards.Query<string>("SELECT Subject FROM Effects GROUP BY Subject HAVING COUNT(*) > 1"), Is.Empty, "heard twice");
    }

    public async ValueTask DisposeAsync()
    {
        await Publisher.DisposeAsync();
        await Listener.DisposeAsync();
    }
}

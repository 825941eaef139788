using System.Text.Json.Nodes;
using LiveCommerce.Contracts.Organization;
using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Hosting;
using LiveCommerce.Support;

namespace LiveCommerce.Messaging.Tests;

/// <summary>The definitions a broker is started with, against what the hosts declare by themselves.</summary>
internal sealed class TopologyTests
{
    [Test]
    public async Task WhatIsPublishedBeforeAConsumersFirstStart_Waits_WhereTheDefinitionsAreLoaded()
    {
        await using var broker = await OwnBroker.Start();
        var reactions = new ListenerModule().Reactions;
        await Import(broker, BrokerTopology.Describe(reactions));
        var unit = Told.NewId();
        var clock = new ManualClock();
        await using (var publisher = await TestHost.StartIn(Told.NewFolder(), clock, TestBroker.Settings(broker.Address), new PublisherModule()))
        {
            await publisher.Publish(Told.Unit(unit));
            await Told.Until(async () => await publisher.InOutbox() == 0, "the sending");
        }
        // A queue declared otherwise than MassTransit does would refuse this start with PRECONDITION_FAILED.
        await using var listener = await TestHost.StartIn(Told.NewFolder(), clock, TestBroker.Settings(broker.Address), new ListenerModule());
        await Told.Until(async () => await listener.EffectsOf(unit) == 1, "the first hearing");
    }

    [Test]
    public async Task TheDefinitions_AreWhatTheHostsDeclare()
    {
        await using var broker = await OwnBroker.Start();
        var unit = Told.NewId();
        var faults = new Faults { Before = (_, _) => throw new InvalidDataException() };
        // A dead letter, so that the queue for them has come into being too.
        await using (var pair = await Pair.Start(broker.Address, faults, "Bus:Redeliveries:0=00:00:01", "Bus:Retries:0=00:00:00.010"))
        {
            await pair.Publisher.Publish(Told.Unit(unit));
            var op = pair.Listener.At("/", Role.Operator);
            await Told.UntilInTime(pair.Clock, TimeSpan.FromSeconds(1), async () => (await op.Get("/listener/operations/dead-letters")).Content.Contains(unit.ToString()), "the dead letter");
        }
        var declared = await Export(broker);
        await using var other = await OwnBroker.Start();
        await Import(other, BrokerTopology.Describe([typeof(Listener.Reactions.OnUnitChanged), typeof(Listener.Reactions.OnSessionScheduled)]));
        var described = await Export(other);
        // Before its first message an event without a reaction has no exchange, and a reaction without a failure no error queue.
        Assert.That(declared.Where(l => !l.Contains("MassTransit:")), Is.SubsetOf(described));
        string[] notYet = ["_error", .. MessageCatalogue.All.Where(t => t != typeof(UnitChanged) && t != typeof(SessionScheduled)).Select(BrokerTopology.EntityOf)];
        Assert.That(described.Except(declared).Where(l => !notYet.Any(l.Contains)), Is.Empty);
    }

    private static async Task Import(OwnBroker broker, string definitions)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, definitions);
        await broker.Control("import_definitions", file);
        File.Delete(file);
    }

    private static async Task<IReadOnlyList<string>> Export(OwnBroker broker)
    {
        var file = Path.GetTempFileName();
        await broker.Control("export_definitions", file);
        var definitions = JsonNode.Parse(await File.ReadAllTextAsync(file))!;
        File.Delete(file);
        return [.. new[] { "exchanges", "queues", "bindings" }.SelectMany(kind => definitions[kind]!.AsArray().Select(d => $"{kind} {Line(d!.AsObject())}")).Order(StringComparer.Ordinal)];
    }

    private static string Line(JsonObject definition) => string.Join(' ', definition.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}={p.Value?.ToJsonString()}"));
}

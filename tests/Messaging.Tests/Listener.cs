using System.Collections.Concurrent;
using LiveCommerce.Contracts.Organization;
using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Listener.Reactions;
using LiveCommerce.Messaging;
using LiveCommerce.Messaging.Tests;
using MassTransit;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace LiveCommerce.Messaging.Tests
{
    internal sealed class PublisherDb(ServiceDbSetup setup) : ServiceDb("publisher", setup);

    internal sealed class ListenerDb(ServiceDbSetup setup) : ServiceDb("listener", setup);

    /// <summary>Only publishes.</summary>
    internal sealed class PublisherModule : IServiceModule
    {
        public string Name => "publisher";

        public string Summary => "Publishes what a test tells it to.";

        public IReadOnlyList<Type> Reactions => [];

        public void AddServices(IServiceCollection services) => services.AddServiceDb<PublisherDb>();

        public void MapEndpoints(IEndpointRouteBuilder routes)
        {
        }
    }

    /// <summary>Keeps the newest state of each unit, and a line for each time it was told.</summary>
    internal sealed class ListenerModule(Faults? faults = null) : IServiceModule
    {
        public string Name => "listener";

        public string Summary => "Counts what it hears.";

        public IReadOnlyList<Type> Reactions => [typeof(OnUnitChanged), typeof(OnSessionScheduled)];

        public void AddServices(IServiceCollection services) => services.AddServiceDb<ListenerDb>().AddSingleton(faults ?? new Faults());

        public void MapEndpoints(IEndpointRouteBuilder routes)
        {
        }
    }

    /// <summary>Where a test makes a reaction fail: after its write, before its commit.</summary>
    internal sealed class Faults
    {
        private readonly ConcurrentDictionary<Guid, int> _attempts = new();

        /// <summary>Given the unit and which attempt it is, from 1: throws or not.</summary>
        public Action<Guid, int> Before { get; set; } = (_, _) => { };

        public int AttemptsOf(Guid unitId) => _attempts.GetValueOrDefault(unitId);

        public void Pass(Guid unitId) => Before(unitId, _attempts.AddOrUpdate(unitId, 1, (_, n) => n + 1));
    }
}

namespace LiveCommerce.Listener.Reactions
{
    internal sealed class OnUnitChanged(ListenerDb db, BusOptions bus, Faults faults) : Reaction(db, bus), IConsumer<UnitChanged>
    {
        public Task Consume(ConsumeContext<UnitChanged> context) => React(context, Apply);

        private async Task Apply(UnitChanged unit, UnitOfWork work)
        {
            await work.Execute("INSERT INTO Effects (Subject, Version) VALUES (@Subject, @Version)", new { Subject = unit.UnitId, unit.Version });
            var stored = await work.Scalar<long?>("SELECT Version FROM Units WHERE Id = @UnitId", new { unit.UnitId });
            if (stored < unit.Version) await work.Execute("UPDATE Units SET Version = @Version, Name = @Name WHERE Id = @UnitId", new { unit.UnitId, unit.Version, unit.Name });
            if (stored is null) await work.Execute("INSERT INTO Units (Id, Version, Name) VALUES (@UnitId, @Version, @Name)", new { unit.UnitId, unit.Version, unit.Name });
            faults.Pass(unit.UnitId);
        }
    }

    internal sealed class OnSessionScheduled(ListenerDb db, BusOptions bus) : Reaction(db, bus), IConsumer<SessionScheduled>
    {
        public Task Consume(ConsumeContext<SessionScheduled> context) => React(context, Apply);

        private static Task Apply(SessionScheduled scheduled, UnitOfWork work) => work.Execute(
            "INSERT INTO Effects (Subject, Version) VALUES (@Subject, @Version)", new { Subject = scheduled.Session.SessionId, scheduled.Session.Version });
    }
}

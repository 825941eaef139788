using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Scheduling.Feeds;
using LiveCommerce.Scheduling.KeyDates;
using LiveCommerce.Scheduling.Plans;
using LiveCommerce.Scheduling.Reactions;
using LiveCommerce.Scheduling.Resources;
using LiveCommerce.Scheduling.Series;
using LiveCommerce.Scheduling.Sessions;

namespace LiveCommerce.Scheduling;

/// <summary>The service's own database.</summary>
internal sealed class SchedulingDb(ServiceDbSetup setup) : ServiceDb("scheduling", setup);

/// <summary>What is streamed when, by whom and with what: key dates, hosts, rooms, channels and sessions.</summary>
public sealed class SchedulingModule : IServiceModule
{
    public string Name => "scheduling";

    public string Summary => "Key dates, hosts, rooms and channels, and the sessions that are planned with them, go live and end.";

    public IReadOnlyList<Type> Reactions =>
        [typeof(OnUnitChanged), typeof(OnBrandChanged), typeof(OnMandateChanged), typeof(OnLineupFinalized), typeof(OnPriceListPublished)];

    public void AddServices(IServiceCollection services) => services
        .AddServiceDb<SchedulingDb>(typeof(BeginPhase))
        .AddSingleton<AddKeyDateHandler>()
        .AddSingleton<AddResourceHandler>()
        .AddSingleton<ScheduleSessionHandler>()
        .AddSingleton<EditSessionHandler>()
        .AddSingleton<RescheduleSessionHandler>()
        .AddSingleton<GoLiveHandler>()
        .AddSingleton<EndSessionHandler>()
        .AddSingleton<CancelSessionHandler>()
        .AddSingleton<RepublishSessionsHandler>()
        .AddSingleton<PlanSeriesHandler>()
        .AddSingleton<EditSeriesHandler>()
        .AddSingleton<EditOccurrenceHandler>()
        .AddSingleton<ChangeOccurrenceHandler>()
        .AddSingleton<CancelSeriesHandler>()
        .AddSingleton<ApproveSeriesHandler>()
        .AddSingleton<OpenFeedHandler>()
        .AddSingleton<ReadFeedHandler>()
        .AddSingleton<ImportPlanHandler>();

    public void MapEndpoints(IEndpointRouteBuilder routes)
    {
        AddKeyDate.Map(routes);
        ReadKeyDates.Map(routes);
        AddResource.Map(routes);
        ReadResources.Map(routes);
        ScheduleSession.Map(routes);
        ReadSessions.Map(routes);
        EditSession.Map(routes);
        RescheduleSession.Map(routes);
        GoLive.Map(routes);
        EndSession.Map(routes);
        CancelSession.Map(routes);
        RepublishSessions.Map(routes);
        PlanSeries.Map(routes);
        ReadSeries.Map(routes);
        EditSeries.Map(routes);
        EditOccurrence.Map(routes);
        ChangeOccurrence.Map(routes);
        CancelSeries.Map(routes);
        ApproveSeries.Map(routes);
        OpenFeed.Map(routes);
        ReadFeeds.Map(routes);
        ReadFeed.Map(routes);
        ExportPlan.Map(routes);
        ImportPlan.Map(routes);
    }
}

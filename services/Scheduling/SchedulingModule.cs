using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Scheduling.Activities;
using LiveCommerce.Scheduling.Checklists;
using LiveCommerce.Scheduling.Conflicts;
using LiveCommerce.Scheduling.Crew;
using LiveCommerce.Scheduling.Feeds;
using LiveCommerce.Scheduling.KeyDates;
using LiveCommerce.Scheduling.Months;
using LiveCommerce.Scheduling.Periods;
using LiveCommerce.Scheduling.Plans;
using LiveCommerce.Scheduling.Reactions;
using LiveCommerce.Scheduling.Resources;
using LiveCommerce.Scheduling.Reviews;
using LiveCommerce.Scheduling.Scores;
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
        [typeof(OnUnitChanged), typeof(OnBrandChanged), typeof(OnMandateChanged), typeof(OnLineupFinalized), typeof(OnPriceListPublished), typeof(OnCampaignChanged), typeof(OnAccessChanged)];

    public void AddServices(IServiceCollection services) => services
        .AddServiceDb<SchedulingDb>(typeof(BeginPhase), typeof(MovedRows))
        .AddSingleton<AddKeyDateHandler>()
        .AddSingleton<AddResourceHandler>()
        .AddSingleton<EditResourceHandler>()
        .AddSingleton<ReadFreeSlotsHandler>()
        .AddSingleton<AcceptSlotHandler>()
        .AddSingleton<ScheduleSessionHandler>()
        .AddSingleton<SubmitSessionHandler>()
        .AddSingleton<ApproveSessionHandler>()
        .AddSingleton<RejectSessionHandler>()
        .AddSingleton<WithdrawSessionHandler>()
        .AddSingleton<EditSessionHandler>()
        .AddSingleton<RescheduleSessionHandler>()
        .AddSingleton<GoLiveHandler>()
        .AddSingleton<EndSessionHandler>()
        .AddSingleton<CloseSessionHandler>()
        .AddSingleton<CancelSessionHandler>()
        .AddSingleton<RepublishSessionsHandler>()

        .AddSingleton<AddPersonHandler>()
        .AddSingleton<AddAbsenceHandler>()
        .AddSingleton<AssignCrewHandler>()
        .AddSingleton<EditChecklistTemplateHandler>()
        .AddSingleton<CompleteTaskHandler>()
        .AddSingleton<CorrectTaskHandler>()
        .AddSingleton<NameActivitiesHandler>()
        .AddSingleton<WriteReviewHandler>()
        .AddPeriods()
        .AddSingleton<EditKeyDateHandler>()
        .AddSingleton<ImportKeyDatesHandler>()
        .AddSingleton<MonthPages>()
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
        EditResource.Map(routes);
        ReadResources.Map(routes);
        ReadFreeSlots.Map(routes);
        AcceptSlot.Map(routes);
        ScheduleSession.Map(routes);
        ReadSessions.Map(routes);
        SubmitSession.Map(routes);
        ApproveSession.Map(routes);
        RejectSession.Map(routes);
        WithdrawSession.Map(routes);
        EditSession.Map(routes);
        RescheduleSession.Map(routes);
        GoLive.Map(routes);
        EndSession.Map(routes);
        CloseSession.Map(routes);
        CancelSession.Map(routes);
        RepublishSessions.Map(routes);

        AddPerson.Map(routes);
        ReadPeople.Map(routes);
        AddAbsence.Map(routes);
        ReadCalendar.Map(routes);
        AssignCrew.Map(routes);
        EditChecklistTemplate.Map(routes);
        ReadChecklistTemplates.Map(routes);
        ReadChecklist.Map(routes);
        ReadOpenTasks.Map(routes);
        CompleteTask.Map(routes);
        CorrectTask.Map(routes);
        ReadMonthScores.Map(routes);
        NameActivities.Map(routes);
        WriteReview.Map(routes);
        ReadReviews.Map(routes);
        routes.MapPeriods();
        EditKeyDate.Map(routes);
        ImportKeyDates.Map(routes);
        ReadMonth.Map(routes);
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

using LiveCommerce.Scheduling.Periods.Proposals;
using LiveCommerce.Scheduling.Periods.Requests;

namespace LiveCommerce.Scheduling.Periods;

/// <summary>Months planned as a whole.</summary>
internal static class PeriodParts
{
    public static IServiceCollection AddPeriods(this IServiceCollection services) => services
        // In the order they are asked.
        .AddSingleton<IRanking, EnteredRanking>()
        .AddSingleton<IRanking, ScoreRanking>()
        .AddSingleton<IRanking, CarriedRanking>()
        .AddSingleton<OpenPeriodHandler>()
        .AddSingleton<EditPeriodHandler>()
        .AddSingleton<RankUnitsHandler>()
        .AddSingleton<SubmitSlotRequestHandler>()
        .AddSingleton<EditSlotRequestHandler>()
        .AddSingleton<ProposePlanHandler>()
        .AddSingleton<EditProposalItemHandler>()
        .AddSingleton<PublishPeriodHandler>();

    public static void MapPeriods(this IEndpointRouteBuilder routes)
    {
        OpenPeriod.Map(routes);
        EditPeriod.Map(routes);
        RankUnits.Map(routes);
        ReadPeriods.Map(routes);
        SubmitSlotRequest.Map(routes);
        EditSlotRequest.Map(routes);
        ReadSlotRequests.Map(routes);
        ProposePlan.Map(routes);
        EditProposalItem.Map(routes);
        PublishPeriod.Map(routes);
    }
}

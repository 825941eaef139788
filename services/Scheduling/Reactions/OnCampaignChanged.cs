using LiveCommerce.Contracts.Coupons;
using LiveCommerce.Data;
using LiveCommerce.Messaging;
using LiveCommerce.Scheduling.Activities;
using LiveCommerce.Scheduling.Checklists;
using MassTransit;

namespace LiveCommerce.Scheduling.Reactions;

/// <summary>Keeps the campaigns that run on sessions, and notes on a session that its coupons are ready.</summary>
internal sealed class OnCampaignChanged(SchedulingDb db, BusOptions bus) : Reaction(db, bus), IConsumer<CampaignChanged>
{
    public Task Consume(ConsumeContext<CampaignChanged> context) => React(context, Apply);

    private static async Task Apply(CampaignChanged campaign, UnitOfWork work)
    {
        // Of any age: a campaign that has been approved once, was.
        if (campaign is { SessionId: { } session, Status: not CampaignStatus.Draft and not CampaignStatus.Deactivated })
            await SessionFacts.Report(work, session, TaskTrigger.CampaignApproved, campaign.ChangedAt ?? work.Now);
        if (await work.Scalar<long?>(ActivitySql.CampaignVersion, new { campaign.CampaignId }) >= campaign.Version) return;
        await work.Upsert(ActivitySql.UpdateCampaign, ActivitySql.InsertCampaign, new
        {
            campaign.CampaignId,
            campaign.Version,
            campaign.SessionId,
            campaign.Name,
            Status = campaign.Status.ToString(),
        });
    }
}

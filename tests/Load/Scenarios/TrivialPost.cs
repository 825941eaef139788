namespace LiveCommerce.Load.Scenarios;

/// <summary>The yardstick against itself: how steady the machine is.</summary>
internal sealed class TrivialPost : Scenario
{
    public override string Expected => "200";

    public override Task Prepare(Tenant tenant) => Task.CompletedTask;

    public override Call? Next(int connection) => Baseline;
}

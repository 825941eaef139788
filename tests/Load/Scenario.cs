namespace LiveCommerce.Load;

/// <summary>One kind of request, sent over and over, against the trivial request of the same method.</summary>
internal abstract class Scenario
{
    /// <summary>The yardstick.</summary>
    public virtual Call Baseline { get; } = new("POST", "/baseline", """{"value":"018f3c1e-7b54-7c3a-9d2e-1f6a5b4c3d2e"}""");

    /// <summary>The one answer that counts as done.</summary>
    public abstract string Expected { get; }

    /// <summary>Requests in flight unless the command line says otherwise.</summary>
    public virtual int Connections => 64;

    /// <summary>Sets up what the requests need.</summary>
    public abstract Task Prepare(Tenant tenant);

    /// <summary>Sets up what one turn uses up; not measured.</summary>
    /// <param name="connections">Free for it.</param>
    /// <param name="turn">How long the turn will be.</param>
    public virtual Task PrepareTurn(IReadOnlyList<HttpConnection> connections, TimeSpan turn) => Task.CompletedTask;

    /// <summary>The next request of a connection, which has the answer to the one before; called by all connections at once. Null: no more in this turn.</summary>
    public abstract Call? Next(int connection);

    /// <summary>Checks what the run has left behind.</summary>
    /// <param name="tenant">The tenant it was prepared for.</param>
    /// <param name="connections">Free for requests of the check.</param>
    /// <param name="all">Every answer of the scenario, warm-up included.</param>
    public virtual Task<Verdict> Check(Tenant tenant, IReadOnlyList<HttpConnection> connections, Measurement all) => Task.FromResult(new Verdict(0, []));
}

/// <param name="Oversold">Coupons given out beyond a campaign's stock.</param>
/// <param name="Faults">What does not add up.</param>
internal sealed record Verdict(long Oversold, IReadOnlyList<string> Faults);

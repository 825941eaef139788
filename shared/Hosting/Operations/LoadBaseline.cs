using LiveCommerce.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;

namespace LiveCommerce.Hosting;

/// <summary>
/// What a signed-in request costs before it does anything: the yardstick of the load tool. Mapped only when
/// <c>Load:Baseline</c> is true.
/// </summary>
internal static class LoadBaseline
{
    public sealed record Request(string Value) : IValidated
    {
        public void Validate(Faults faults) => faults.Text(Value, "/value");
    }

    public static void Map(IEndpointRouteBuilder routes, IConfiguration configuration)
    {
        if (!configuration.GetValue("Load:Baseline", defaultValue: false)) return;
        routes.MapPost("/baseline", (Body<Request> body) => Echo(body.Value.Value).ToHttp()).RequireAuthorization().ExcludeFromDescription();
        routes.MapGet("/baseline", () => Echo("read").ToHttp()).RequireAuthorization().ExcludeFromDescription();
    }

    private static Result<Request> Echo(string value) => new Request(value);
}

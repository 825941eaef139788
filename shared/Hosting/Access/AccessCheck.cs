using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace LiveCommerce.Hosting;

/// <summary>After the token and the role have been found good: has the caller been suspended since, or its unit deactivated or moved?</summary>
internal sealed class AccessCheck(RequestDelegate next, AccessDirectories directories)
{
    public Task InvokeAsync(HttpContext context)
    {
        var endpoint = context.GetEndpoint();
        if (endpoint?.Metadata.GetMetadata<AllowMetadata>() is null) return next(context);
        var directory = directories.Of(endpoint.Metadata.GetMetadata<IEndpointGroupNameMetadata>()!.EndpointGroupName);
        var fresh = directory.BeFresh();
        if (!fresh.IsCompletedSuccessfully) return Later(context, directory, fresh);
        Caller.Admit(context, directory);
        return next(context);
    }

    private async Task Later(HttpContext context, AccessDirectory directory, ValueTask fresh)
    {
        await fresh;
        Caller.Admit(context, directory);
        await next(context);
    }
}

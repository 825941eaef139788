using System.Reflection;
using LiveCommerce.Kernel;
using Microsoft.AspNetCore.Http;

namespace LiveCommerce.Hosting;

/// <summary>The version the caller has read, from <c>If-Match</c>. Its absence is refused with 428.</summary>
public sealed record IfMatch(long Version)
{
    public static ValueTask<IfMatch?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var header = context.Request.Headers.IfMatch.ToString();
        if (header.Length == 0)
            throw new RejectionException(CommonRejections.PreconditionRequired.Because("Read the document, then send its ETag in If-Match."));
        return long.TryParse(header.Trim('"'), out var version)
            ? ValueTask.FromResult<IfMatch?>(new IfMatch(version))
            : throw new RejectionException(CommonRejections.PreconditionFailed.Because("If-Match is not an ETag of this document."));
    }

    /// <summary>A refusal if the document has moved on.</summary>
    public Rejection? Check(long current) => current == Version
        ? null
        : CommonRejections.PreconditionFailed.Because($"You read version {Version}; it is now {current}.");
}

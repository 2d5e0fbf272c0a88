using System.Security.Claims;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiServer.Audit;
using Microsoft.AspNetCore.Http;

namespace GrainKube.ApiServer.Pipeline;

/// <summary>Asks the authenticators who makes the request; nobody known is a 401.</summary>
internal sealed class Authentication(RequestDelegate next, IEnumerable<IAuthenticator> authenticators, AuditLog? audit = null)
{
    private readonly IAuthenticator[] authenticators = [.. authenticators];

    public async Task InvokeAsync(HttpContext context)
    {
        var user = await WhoAsync(context);
        if (user is null)
        {
            var refusal = ApiException.Unauthorized();
            if (audit is not null)
            {
                await AuditTrail.RefusedAsync(audit, context, refusal.Status);
            }

            throw refusal;
        }

        RequestState.Of(context).User = user;
        if (context.GetEndpoint() is not null)
        {
            context.User = PrincipalOf(user);
        }

        await next(context);
    }

    private async ValueTask<UserInfo?> WhoAsync(HttpContext context)
    {
        foreach (var authenticator in authenticators)
        {
            if (await authenticator.AuthenticateAsync(context) is { } user)
            {
                return user;
            }
        }

        return null;
    }

    // Only for what is mounted beside the API (metrics, a dashboard) and asks ASP.NET who the user is.
    private static ClaimsPrincipal PrincipalOf(UserInfo user) => new(new ClaimsIdentity(
        [new Claim(ClaimTypes.Name, user.Name), .. user.Groups.Select(group => new Claim(ClaimTypes.Role, group))], "GrainKube"));
}

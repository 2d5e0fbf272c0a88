using System.Security.Claims;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Identity;
using Microsoft.AspNetCore.Http;

namespace GrainKube.ApiServer.Pipeline;

/// <summary>Asks the authenticators who makes the request; nobody known is a 401.</summary>
internal sealed class Authentication(RequestDelegate next, IEnumerable<IAuthenticator> authenticators)
{
    private readonly IAuthenticator[] authenticators = [.. authenticators];

    public async Task InvokeAsync(HttpContext context)
    {
        var user = await WhoAsync(context) ?? throw ApiException.Unauthorized();
        RequestState.Of(context).User = user;
        context.User = PrincipalOf(user);
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

    // For what is mounted beside the API (metrics, a dashboard) and asks ASP.NET who the user is.
    private static ClaimsPrincipal PrincipalOf(UserInfo user) => new(new ClaimsIdentity(
        [new Claim(ClaimTypes.Name, user.Name), .. user.Groups.Select(group => new Claim(ClaimTypes.Role, group))], "GrainKube"));
}

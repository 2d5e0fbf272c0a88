using GrainKube.ApiMachinery.Identity;
using Microsoft.AspNetCore.Http;

namespace GrainKube.ApiServer.Pipeline;

/// <summary>One way to tell who makes a request. Registered ones are asked in order; the first that answers decides, and where none does the client gets 401.</summary>
public interface IAuthenticator
{
    /// <summary>The caller, or null where the request carries nothing that this authenticator knows.</summary>
    /// <exception cref="ApiMachinery.Errors.ApiException">401 where credentials of this kind are there but wrong, and no other authenticator shall be asked.</exception>
    ValueTask<UserInfo?> AuthenticateAsync(HttpContext context);
}

using GrainKube.ApiMachinery.Identity;
using GrainKube.Security.Identity;

namespace GrainKube.Security.Rbac;

/// <summary>Members of <c>system:masters</c> may do everything, whatever the roles say, so that nobody can lock the administrator out.</summary>
public static class Superuser
{
    public static bool Is(UserInfo user)
    {
        foreach (var group in user.Groups)
        {
            if (group == WellKnown.Masters)
            {
                return true;
            }
        }

        return false;
    }
}

using GrainKube.ApiMachinery.Validation;
using Xunit;

namespace GrainKube.Resources.Tests;

public sealed class NamesTests
{
    [Theory]
    [InlineData("certificatesigningrequests.certificates.k8s.io", "node-csr-Ab_-9")]
    [InlineData("poddisruptionbudgets.policy", "My_Budget")]
    [InlineData("events", "Web.17f1")]
    [InlineData("clusterroles.rbac.authorization.k8s.io", "system:Some")]
    public void Kinds_whose_names_upstream_does_not_look_at_take_what_fits_in_a_path(string resource, string name)
    {
        Assert.Empty(ObjectMetaValidator.NameProblems(name, Written.Definition(resource).NameFormat));
        Assert.NotEmpty(ObjectMetaValidator.NameProblems("a/b", Written.Definition(resource).NameFormat));
    }
}

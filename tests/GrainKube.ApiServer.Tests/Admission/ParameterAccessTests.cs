using GrainKube.ApiMachinery.Admission;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiServer.Admission.Policies;
using GrainKube.ApiServer.Tests.Authorization;
using GrainKube.Resources;
using Xunit;

namespace GrainKube.ApiServer.Tests.Admission;

public sealed class ParameterAccessTests
{
    private const string Group = "admissionregistration.k8s.io";
    private const string Secrets = """{"spec":{"paramKind":{"apiVersion":"v1","kind":"Secret"}}}""";
    private readonly Access access = new Access().Let("jane", "", "get,list", "", "secrets").Let("joe", "", "get", "", "secrets", "one");
    private readonly FakeObjects objects = new FakeObjects().Add(Group, "validatingadmissionpolicies", "", "p", Secrets);

    [Fact]
    public async Task A_policy_names_as_parameters_only_what_its_maker_reads()
    {
        await Policy("jane").ValidatedByAsync(Plugin());
        var refused = await Policy("joe").RefusedByAsync(Plugin());
        Assert.Equal(422, refused.Code);
        Assert.Contains(
            "spec.paramKind: Forbidden: user joe must have \"get\" permission on all objects of the referenced paramKind (kind=Secret, apiVersion=v1)", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("joe", """{"name":"one","namespace":"web"}""", true)]
    [InlineData("joe", """{"name":"two","namespace":"web"}""", false)]
    [InlineData("joe", """{"selector":{}}""", false)]
    [InlineData("jane", """{"selector":{}}""", true)]
    public async Task So_does_a_binding(string user, string reference, bool allowed)
    {
        var binding = Asking.Create("validatingadmissionpolicybindings", "", "b", $$"""{"spec":{"policyName":"p","paramRef":{{reference}} } }""", Group, Access.User(user));
        if (allowed)
        {
            await binding.ValidatedByAsync(Plugin());
        }
        else
        {
            Assert.Contains("permission on the object referenced by paramRef", (await binding.RefusedByAsync(Plugin())).Message, StringComparison.Ordinal);
        }
    }

    private static AdmissionRequest Policy(string user) => Asking.Create("validatingadmissionpolicies", "", "p", Secrets, Group, Access.User(user));

    private ParameterAccess Plugin() => new(objects, new ResourceRegistry(BuiltInResources.All), access.Question);
}

using System.Text.Json.Nodes;
using GrainKube.Controllers.CustomResources;
using Xunit;

namespace GrainKube.Controllers.Tests.CustomResources;

public sealed class NamesPlanTests
{
    private static readonly JsonObject Foo = Names("foos", "foo", "Foo", "fo");

    [Fact]
    public void Free_names_are_accepted()
    {
        var plan = NamesPlan.For(Foo, null, []);

        Assert.True(plan.AllAccepted);
        Assert.True(JsonNode.DeepEquals(Foo, plan.Accepted));
    }

    [Fact]
    public void A_name_of_another_is_not_accepted_and_the_rest_is()
    {
        var plan = NamesPlan.For(Foo, null, [Names("bars", "bar", "Foo", "ba")]);

        Assert.Equal(("ListKindConflict", "\"FooList\" is already in use"), (plan.Reason, plan.Message)); // the last one found, as upstream says it
        Assert.Equal(("foos", null), ((string?)plan.Accepted["plural"], (string?)plan.Accepted["kind"]));
    }

    [Fact]
    public void What_was_accepted_stays_while_a_new_name_is_taken()
    {
        var plan = NamesPlan.For(Names("foos", "foo", "Foo", "ba"), Foo, [Names("bars", "bar", "Bar", "ba")]);

        Assert.Equal(("ShortNamesConflict", "\"ba\" is already in use"), (plan.Reason, plan.Message));
        Assert.Equal("fo", (string?)plan.Accepted["shortNames"]![0]);
    }

    private static JsonObject Names(string plural, string singular, string kind, string shortName) => new()
    {
        ["plural"] = plural, ["singular"] = singular, ["kind"] = kind, ["listKind"] = kind + "List", ["shortNames"] = new JsonArray(shortName),
    };
}

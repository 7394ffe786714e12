/// EC2's actions: what each reads from a request, which rule it invokes, and how its answer looks in XML.
///
/// [ActionCatalog] lists them all. A new action is a method in the class of its family; a new family is a line
/// there.
@NullMarked
package io.vpceni.lab.ec2.action;

import org.jspecify.annotations.NullMarked;

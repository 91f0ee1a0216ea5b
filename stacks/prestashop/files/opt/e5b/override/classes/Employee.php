<?php
/**
 * Poste d’examen : le portrait d’un employé viendrait d’Internet.
 */
class Employee extends EmployeeCore
{
    public function getImage()
    {
        return Tools::getAdminImageUrl('prestashop-avatar.png');
    }
}
